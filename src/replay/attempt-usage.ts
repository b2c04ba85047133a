/**
 * What one billed attempt uses, added to the cell of its hour, model, feature, band and tier.
 *
 *   tokens on the route's model = round(tokens of the trace x ratio), per meter;  read + written + fresh = prompt, exactly
 *
 * Example: 1,000 prompt and 200 answer tokens at a ratio of 1.15: 1,150 and 230, in the band of 1,150. Where the seller has
 * a prompt cache in the plan and the prompt's blocks are known, that cache splits the text of the prompt; else the trace's
 * own split stays. Not modelled: ratios that differ by text, blocks that another tokenizer cuts elsewhere.
 */
import { COUNT_METERS, isTokenMeter } from '../meters.ts';
import { CachePipeline } from './caches/cache-pipeline.ts';
import { METER_COUNT, meterAt, type ReplayBatch } from './columns.ts';
import type { ReplayPlan } from './plan.ts';
import type { Tally } from './tally.ts';
import { UsageCells } from './usage-cells.ts';

const INPUT = meterAt('input_tokens');
const CACHE_READ = meterAt('cache_read_tokens');
const CACHE_WRITE_5M = meterAt('cache_write_5m_tokens');
const CACHE_WRITE_1H = meterAt('cache_write_1h_tokens');
/** By place in COUNT_METERS. */
const IS_TOKENS = Uint8Array.from(COUNT_METERS, (meter) => (isTokenMeter(meter) ? 1 : 0));

export class AttemptUsage {
  readonly cells = new UsageCells();
  /** Tokens on a route's model for one of the trace's model: by model of the trace, then route. */
  ratios: Float64Array = new Float64Array(0);
  /** Of the last attempt that was written out, by place in COUNT_METERS. */
  readonly counts = new Float64Array(METER_COUNT);

  readonly #tally: Tally;
  readonly #models: Int32Array;
  readonly #edges: readonly (readonly number[])[];
  readonly #prompts: readonly (CachePipeline | undefined)[];
  readonly #writesOut: boolean;
  readonly #routes: number;
  /** By route: 1 where nothing but the trace's own counts is added. */
  readonly #isPlain: Uint8Array;

  /** @param writesOut whether `counts` are asked for */
  constructor(plan: ReplayPlan, tally: Tally, writesOut: boolean) {
    const { routing, routes, prompt_caches = {}, models, edges = {} } = plan;
    this.#tally = tally;
    this.#models = Int32Array.from(models, (model) => plan.billed_models.indexOf(model));
    this.#edges = models.map((model) => edges[model] ?? []);
    const bySeller = new Map(
      Object.entries(prompt_caches).map(([seller, prompt]) => [seller, new CachePipeline({ prompt })]),
    );
    this.#prompts = routing.routes.map((name) => bySeller.get(routes[name]!.seller));
    this.#writesOut = writesOut;
    this.#routes = routing.routes.length;
    this.#isPlain = Uint8Array.from(this.#prompts, (prompt) => (prompt === undefined && !writesOut ? 1 : 0));
  }

  ratio(model: number, route: number): number {
    return this.ratios[model * this.#routes + route]!;
  }

  /** An attempt at the request's own time, in the hour that runs. */
  addNow(batch: ReplayBatch, i: number, route: number, tier: number): void {
    const ratio = this.ratio(batch.model[i]!, route);
    if (ratio !== 1 || this.#isPlain[route] === 0) {
      this.add(batch, i, route, tier, ratio, batch.time_ms[i]!);
      return;
    }
    const { cells } = this;
    const edges = this.#edges[route]!;
    const band = edges.length === 0 ? 0 : bandOf(edges, batch.context_tokens[i]!);
    const base = 1 + cells.countNow(this.#models[route]!, batch.feature[i]!, band, tier);
    const { sums } = cells;
    const { meters, counts } = batch;
    for (let k = 0; k < meters.length; k++) {
      const m = meters[k]!;
      sums[base + m] = sums[base + m]! + counts[m]![i]!;
    }
  }

  add(batch: ReplayBatch, i: number, route: number, tier: number, ratio: number, time_ms: number): void {
    const { cells } = this;
    const edges = this.#edges[route]!;
    const band = edges.length === 0 ? 0 : bandOf(edges, scaled(batch.context_tokens[i]!, ratio));
    const model = this.#models[route]!;
    cells.count(model, batch.feature[i]!, band, tier, time_ms);
    const prompt = this.#prompts[route];
    const { sums } = cells;
    const base = cells.base + 1;
    if (prompt !== undefined || ratio !== 1 || this.#writesOut) {
      this.#write(batch, i, ratio);
      if (prompt !== undefined) this.#split(prompt, batch, i, model, ratio);
      for (let m = 0; m < METER_COUNT; m++) sums[base + m] = sums[base + m]! + this.counts[m]!;
      return;
    }
    const { meters, counts } = batch;
    for (let k = 0; k < meters.length; k++) {
      const m = meters[k]!;
      sums[base + m] = sums[base + m]! + counts[m]![i]!;
    }
  }

  #write(batch: ReplayBatch, i: number, ratio: number): void {
    const { meters, counts } = batch;
    this.counts.fill(0);
    for (let k = 0; k < meters.length; k++) {
      const m = meters[k]!;
      const count = counts[m]![i]!;
      this.counts[m] = IS_TOKENS[m] === 1 ? scaled(count, ratio) : count;
    }
  }

  #split(prompt: CachePipeline, batch: ReplayBatch, i: number, scope: number, ratio: number): void {
    const tally = this.#tally;
    if (batch.chain_length[i] === 0) {
      tally.without_blocks++;
      return;
    }
    prompt.send(batch, i, scope);
    const text = scaled(batch.prompt_tokens[i]!, ratio);
    const read = scaled(prompt.cache_read_tokens, ratio);
    const written_5m = Math.min(text - read, scaled(prompt.cache_write_5m_tokens, ratio));
    const written_1h = Math.min(text - read - written_5m, scaled(prompt.cache_write_1h_tokens, ratio));
    this.counts[CACHE_READ] = read;
    this.counts[CACHE_WRITE_5M] = written_5m;
    this.counts[CACHE_WRITE_1H] = written_1h;
    this.counts[INPUT] = text - read - written_5m - written_1h;
    tally.split_requests++;
    if (read > 0) tally.split_reads++;
    tally.split_read_tokens += read;
    tally.split_prompt_tokens += text;
    tally.split_answer_tokens += scaled(batch.output_tokens[i]!, ratio);
  }
}

function bandOf(edges: readonly number[], context_tokens: number): number {
  let band = 0;
  while (band < edges.length && context_tokens >= edges[band]!) band++;
  return band;
}

export const scaled = (tokens: number, ratio: number): number => (ratio === 1 ? tokens : Math.round(tokens * ratio));
