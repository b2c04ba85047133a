/**
 * Hit curves of a trace in one pass, batch by batch: of a response cache, and of a prompt cache over blocks, for all
 * capacities and lives from last use at once; and of a prompt cache behind one given response cache. All give what a direct
 * simulation gives for each edge; memory grows with distinct keys.
 *
 * A prompt's blocks are judged before any of them is used, and used from the inside out, as PromptCache does. Blocks of
 * a prefix below the minimum length count as read only where the block that completes the minimum would be. Not told:
 * life from insertion and capacity in tokens; response caches other than the one that stands before.
 */
import { HitCurve, type HitCurveEdges, type HitTable } from './hit-curve.ts';
import { PairTable } from './pair-table.ts';
import { coveredBlocks, type PromptCacheSettings } from './prompt-cache.ts';
import type { RequestBatch } from './request-batch.ts';
import { ResponseCache, type ResponseCacheSettings } from './response-cache.ts';
import { ReuseDistance } from './reuse-distance.ts';

/** Hits are requests; tokens are those of the prompt and of the answer, both spared. */
export class ResponseCurve {
  private readonly curve: HitCurve;
  private readonly uses: Uses;

  constructor(edges: HitCurveEdges) {
    this.curve = new HitCurve(edges);
    this.uses = usesFor(edges);
  }

  take(batch: RequestBatch): void {
    const { curve, uses } = this;
    for (let i = 0; i < batch.requests; i++) {
      const input_tokens = batch.prompt_tokens[i]!;
      const output_tokens = batch.output_tokens[i]!;
      curve.seen(1, 0, input_tokens, output_tokens);
      const prompt = batch.prompt[i]!;
      if (prompt < 0) continue;
      const tenant = batch.tenant[i]!;
      const now_ms = batch.time_ms[i]!;
      const key = uses.find(tenant, prompt);
      if (key >= 0) curve.reused(uses.distance(key), now_ms - uses.lastUse(key), 1, 0, input_tokens, output_tokens);
      uses.use(tenant, prompt, now_ms);
    }
  }

  table(): HitTable {
    return this.curve.table();
  }
}

export type PromptBlocks = Pick<PromptCacheSettings, 'block_tokens' | 'minimum_tokens' | 'whole_blocks'>;

/** Hits are requests that read anything, blocks read, and input tokens read. */
export class PromptCurve {
  private readonly curve: HitCurve;
  private readonly uses: Uses;
  private readonly block_tokens: number;
  private readonly minimum_tokens: number;
  private readonly whole_blocks: boolean;

  constructor({ block_tokens, minimum_tokens = 0, whole_blocks = false }: PromptBlocks, edges: HitCurveEdges) {
    this.curve = new HitCurve(edges);
    this.uses = usesFor(edges);
    this.block_tokens = block_tokens;
    this.minimum_tokens = minimum_tokens;
    this.whole_blocks = whole_blocks;
  }

  take(batch: RequestBatch): void {
    for (let i = 0; i < batch.requests; i++) this.takeOne(batch, i);
  }

  takeOne({ time_ms, scope, chains, chain_offset, chain_length, prompt_tokens }: RequestBatch, i: number): void {
    const { curve, uses, block_tokens, minimum_tokens } = this;
    const tokens = prompt_tokens[i]!;
    const blocks = coveredBlocks(chain_length[i]!, tokens, block_tokens, this.whole_blocks);
    curve.seen(1, chain_length[i]!, tokens, 0);
    const from = chain_offset[i]!;
    const now_ms = time_ms[i]!;
    const end = (count: number): number => Math.min(tokens, count * block_tokens);
    if (blocks === 0 || end(blocks) < minimum_tokens) return;
    let least = Math.max(1, Math.min(blocks, Math.ceil(minimum_tokens / block_tokens)));
    for (let first = true; least <= blocks; least++, first = false) {
      const key = uses.find(scope[i]!, chains[from + least - 1]!);
      if (key < 0) break;
      const counted = first ? least : 1;
      const read = end(least) - (first ? 0 : end(least - 1));
      curve.reused(uses.distance(key), now_ms - uses.lastUse(key), first ? 1 : 0, counted, read, 0);
    }
    for (let b = blocks - 1; b >= 0; b--) uses.use(scope[i]!, chains[from + b]!, now_ms);
  }

  table(): HitTable {
    return this.curve.table();
  }
}

/** A prompt cache that sees only what one response cache leaves; the table's total is what was left. */
export class PromptCurveBehind {
  private readonly response: ResponseCache;
  private readonly behind: PromptCurve;

  constructor(response: ResponseCacheSettings, blocks: PromptBlocks, edges: HitCurveEdges) {
    this.response = new ResponseCache(response);
    this.behind = new PromptCurve(blocks, edges);
  }

  take(batch: RequestBatch): void {
    const { response, behind } = this;
    for (let i = 0; i < batch.requests; i++) {
      const prompt = batch.prompt[i]!;
      const tenant = batch.tenant[i]!;
      const now_ms = batch.time_ms[i]!;
      if (prompt >= 0 && response.lookup(tenant, prompt, now_ms)) continue;
      behind.takeOne(batch, i);
      if (prompt >= 0) response.store(tenant, prompt, now_ms, batch.output_tokens[i]!);
    }
  }

  table(): HitTable {
    return this.behind.table();
  }
}

type Uses = Pick<ReuseDistance, 'find' | 'distance' | 'lastUse' | 'use'>;

/** Where no capacity is bounded every distance is below it, and need not be known. */
const usesFor = ({ capacities }: HitCurveEdges): Uses =>
  capacities[0] === Infinity ? new LastUses() : new ReuseDistance();

/** When each key was last used, and nothing of the others. */
class LastUses implements Uses {
  /** A row: the pair, when it was last used. */
  private readonly table = new PairTable(2);

  find(high: number, low: number): number {
    return this.table.find(high, low);
  }

  distance(): number {
    return 0;
  }

  lastUse(key: number): number {
    return this.table.doubles[2 * key + 1]!;
  }

  use(high: number, low: number, now_ms: number): void {
    const { table } = this;
    const found = table.find(high, low);
    const key = found < 0 ? table.add(high, low) : found;
    table.doubles[2 * key + 1] = now_ms;
  }
}

/** Of batches that are there already. */
export function measureResponseCurve(batches: Iterable<RequestBatch>, edges: HitCurveEdges): HitTable {
  const curve = new ResponseCurve(edges);
  for (const batch of batches) curve.take(batch);
  return curve.table();
}

/** Of batches that are there already. */
export function measurePromptCurve(
  batches: Iterable<RequestBatch>,
  blocks: PromptBlocks,
  edges: HitCurveEdges,
): HitTable {
  const curve = new PromptCurve(blocks, edges);
  for (const batch of batches) curve.take(batch);
  return curve.table();
}
