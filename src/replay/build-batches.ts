/**
 * Puts requests into batches of columns, in order of time. Names, blocks and prompts are numbered in order of first use; a
 * prompt is its model, its last block and its tokens, and unknown (-1) without a hash chain.
 *
 * Requests may be out of order by up to 16,384 rows (logs are often written as answers end): they are put right. A larger
 * disorder is an InputError, since sorting it would mean to hold the whole trace twice. Rows that sum several requests
 * can't be replayed and are an InputError too; statements, which bill and count nothing, are counted and left out.
 * A request that failed in its log is a request like any other; what it counted is all that is known of it.
 */
import { inputError } from '../errors.ts';
import { answerTokens, COUNT_METERS, promptTokens, SERVICE_TIERS } from '../meters.ts';
import { type Dimension, Names } from '../routing/names.ts';
import type { TraceRequest } from '../trace/request.ts';
import { isStatement } from '../usage/bill.ts';
import { ownModel, UNASSIGNED } from '../usage/rollup.ts';
import { PairTable } from './caches/pair-table.ts';
import { BATCH_ROWS, type ColumnNames, METER_COUNT, type ReplayBatch } from './columns.ts';

/** Rows that are held back, so that late ones find their place. */
const HELD_ROWS = 2 * BATCH_ROWS;
const MOST_TOKENS = 2 ** 32 - 1;
/** Text in the prompt: what caches read, write and leave. */
const TEXT_PROMPT = ['input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens'] as const;

export interface BatchOptions {
  /** The model under which a request runs; default: the one that it names itself. */
  readonly assign?: (request: TraceRequest) => string | undefined;
  /** Names that have an index already. */
  readonly names?: Names;
  readonly onBatch: (batch: ReplayBatch) => void;
}

class NameList {
  readonly list: string[];
  readonly #names: Names;
  readonly #dimension: Dimension;

  constructor(first: string, names: Names, dimension: Dimension) {
    this.list = [first];
    this.#names = names;
    this.#dimension = dimension;
  }

  /** Names that policies mention have an index before they are seen; the list has no gap in their place. */
  index(name: string | undefined): number {
    if (name === undefined) return 0;
    const { list } = this;
    const index = this.#names.index(this.#dimension, name);
    while (list.length < index) list.push(this.#names.name(this.#dimension, list.length)!);
    if (list.length === index) list.push(name);
    return index;
  }
}

export class BatchBuilder {
  readonly column_names: ColumnNames;
  /** Rows left out, since they only bill. */
  statements = 0;
  requests = 0;

  readonly #assign: (request: TraceRequest) => string | undefined;
  readonly #onBatch: (batch: ReplayBatch) => void;
  readonly #models: NameList;
  readonly #features: NameList;
  readonly #users: NameList;
  readonly #teams: NameList;
  readonly #blocks = new PairTable(1);
  readonly #prompts = new PairTable(1);
  readonly #promptsOfModels = new PairTable(1);
  readonly #held = new Columns(HELD_ROWS);
  /** Time of the last request that was handed on. */
  #done_ms = Number.NEGATIVE_INFINITY;

  constructor({ assign = ownModel, names = new Names(), onBatch }: BatchOptions) {
    this.#assign = assign;
    this.#onBatch = onBatch;
    this.#models = new NameList(UNASSIGNED, names, 'model');
    this.#features = new NameList('', names, 'feature');
    this.#users = new NameList('', names, 'user');
    this.#teams = new NameList('', names, 'team');
    this.column_names = {
      names,
      models: this.#models.list,
      features: this.#features.list,
      users: this.#users.list,
      teams: this.#teams.list,
    };
  }

  add(request: TraceRequest): void {
    if (isStatement(request)) {
      this.statements++;
      return;
    }
    const context = promptTokens(request);
    const answer = answerTokens(request);
    this.#check(request, Math.max(context, answer));
    const held = this.#held;
    if (held.rows === HELD_ROWS) this.#emit(BATCH_ROWS);
    const row = held.rows++;
    this.requests++;
    held.time_ms[row] = request.time_ms;
    if (row > 0 && request.time_ms < held.time_ms[row - 1]!) held.isSorted = false;
    const model = this.#models.index(this.#assign(request));
    held.model[row] = model;
    held.feature[row] = this.#features.index(request.feature);
    held.user[row] = this.#users.index(request.user);
    held.team[row] = this.#teams.index(request.team);
    held.tier[row] = SERVICE_TIERS.indexOf(request.tier);
    let text = 0;
    for (let m = 0; m < TEXT_PROMPT.length; m++) text += request[TEXT_PROMPT[m]!];
    held.prompt_tokens[row] = text;
    held.context_tokens[row] = context;
    held.output_tokens[row] = answer;
    for (let m = 0; m < METER_COUNT; m++) {
      const count = request[COUNT_METERS[m]!];
      held.counts[m]![row] = count;
      if (count !== 0) held.occurs[m] = 1;
    }
    this.#chain(request.hash_chain, row, model, text);
  }

  /** Hands on what is held. */
  end(): void {
    while (this.#held.rows > 0) this.#emit(Math.min(this.#held.rows, BATCH_ROWS));
  }

  #check(request: TraceRequest, most_tokens: number): void {
    const { time_ms, until_ms, requests } = request;
    const at = (): string => new Date(time_ms).toISOString();
    if (until_ms !== undefined || requests !== 1)
      throw inputError(
        'REPLAY_BUCKETS',
        'traffic',
        `has rows that sum several requests (one begins at ${at()}); a replay needs one row for each request`,
      );
    if (time_ms < this.#done_ms)
      throw inputError(
        'TRACE_ORDER',
        'traffic',
        `a request of ${at()} comes more than ${BATCH_ROWS.toLocaleString('en-GB')} rows after one of ${new Date(this.#done_ms).toISOString()}; sort the trace by time`,
      );
    if (most_tokens > MOST_TOKENS)
      throw inputError('TRACE_TOO_LARGE', 'traffic', `a request of ${at()} has more than ${MOST_TOKENS} tokens`);
  }

  #chain(chain: readonly number[] | undefined, row: number, model: number, tokens: number): void {
    const held = this.#held;
    const length = chain?.length ?? 0;
    held.chain_offset[row] = held.blocks;
    held.chain_length[row] = length;
    held.prompt[row] = -1;
    if (chain === undefined || length === 0) return;
    held.reserve(length);
    let block = 0;
    for (let i = 0; i < length; i++) {
      const id = chain[i]!;
      block = numbered(this.#blocks, Math.floor(id / 2 ** 32), id);
      held.chains[held.blocks++] = block;
    }
    held.prompt[row] = numbered(this.#promptsOfModels, model, numbered(this.#prompts, block, tokens));
  }

  #emit(rows: number): void {
    const held = this.#held;
    const order = held.order();
    const batch = held.take(order, rows, this.column_names);
    this.#done_ms = batch.time_ms[rows - 1]!;
    held.keep(order, rows);
    this.#onBatch(batch);
  }
}

function numbered(table: PairTable, high: number, low: number): number {
  const known = table.find(high, low);
  return known >= 0 ? known : table.add(high, low);
}

/** Rows as they come, with room for `rows`; chains lie in the order in which they came. */
class Columns {
  rows = 0;
  blocks = 0;
  isSorted = true;
  chains = new Uint32Array(1024);
  readonly occurs = new Uint8Array(METER_COUNT);
  readonly time_ms: Float64Array;
  readonly prompt: Int32Array;
  readonly chain_offset: Uint32Array;
  readonly chain_length: Uint32Array;
  readonly prompt_tokens: Uint32Array;
  readonly context_tokens: Uint32Array;
  readonly output_tokens: Uint32Array;
  readonly model: Uint32Array;
  readonly feature: Uint32Array;
  readonly user: Uint32Array;
  readonly team: Uint32Array;
  readonly tier: Uint8Array;
  readonly counts: readonly Float64Array[];

  constructor(rows: number) {
    this.time_ms = new Float64Array(rows);
    this.prompt = new Int32Array(rows);
    this.chain_offset = new Uint32Array(rows);
    this.chain_length = new Uint32Array(rows);
    this.prompt_tokens = new Uint32Array(rows);
    this.context_tokens = new Uint32Array(rows);
    this.output_tokens = new Uint32Array(rows);
    this.model = new Uint32Array(rows);
    this.feature = new Uint32Array(rows);
    this.user = new Uint32Array(rows);
    this.team = new Uint32Array(rows);
    this.tier = new Uint8Array(rows);
    this.counts = Array.from({ length: METER_COUNT }, () => new Float64Array(rows));
  }

  reserve(blocks: number): void {
    if (this.blocks + blocks <= this.chains.length) return;
    const larger = new Uint32Array(2 * (this.blocks + blocks));
    larger.set(this.chains.subarray(0, this.blocks));
    this.chains = larger;
  }

  /** Places by time; equal times stay as they came. */
  order(): Uint32Array {
    const order = Uint32Array.from({ length: this.rows }, (_, i) => i);
    const { time_ms } = this;
    return this.isSorted ? order : order.sort((a, b) => time_ms[a]! - time_ms[b]! || a - b);
  }

  /** A batch of the first `rows` in this order. */
  take(order: Uint32Array, rows: number, column_names: ColumnNames): ReplayBatch {
    const gather = <A extends Float64Array | Uint32Array | Int32Array | Uint8Array>(from: A, to: A): A => {
      for (let i = 0; i < rows; i++) to[i] = from[order[i]!]!;
      return to;
    };
    const integers = (from: Uint32Array): Uint32Array => gather(from, new Uint32Array(rows));
    const chain_length = integers(this.chain_length);
    const chains = new Uint32Array(chain_length.reduce((total, length) => total + length, 0));
    const chain_offset = new Uint32Array(rows);
    let blocks = 0;
    for (let i = 0; i < rows; i++) {
      const from = this.chain_offset[order[i]!]!;
      chain_offset[i] = blocks;
      chains.set(this.chains.subarray(from, from + chain_length[i]!), blocks);
      blocks += chain_length[i]!;
    }
    const meters = COUNT_METERS.flatMap((_, m) => (this.occurs[m] === 1 ? [m] : []));
    const model = integers(this.model);
    return {
      requests: rows,
      time_ms: gather(this.time_ms, new Float64Array(rows)),
      tenant: new Uint32Array(rows),
      prompt: gather(this.prompt, new Int32Array(rows)),
      scope: model,
      chains,
      chain_offset,
      chain_length,
      prompt_tokens: integers(this.prompt_tokens),
      output_tokens: integers(this.output_tokens),
      column_names,
      context_tokens: integers(this.context_tokens),
      model,
      feature: integers(this.feature),
      user: integers(this.user),
      team: integers(this.team),
      tier: gather(this.tier, new Uint8Array(rows)),
      meters: Uint8Array.from(meters),
      counts: this.counts.map((count, m) =>
        this.occurs[m] === 1 ? gather(count, new Float64Array(rows)) : new Float64Array(0),
      ),
    };
  }

  /** Keeps the rows behind the first `rows` of this order, sorted. */
  keep(order: Uint32Array, rows: number): void {
    const columns = [
      this.time_ms,
      this.prompt,
      this.chain_length,
      this.prompt_tokens,
      this.context_tokens,
      this.output_tokens,
      this.model,
      this.feature,
      this.user,
      this.team,
      this.tier,
      ...this.counts,
    ];
    if (this.isSorted) {
      this.#shift(columns, rows);
      return;
    }
    const rest = order.subarray(rows).slice();
    const chains: number[] = [];
    const offsets: number[] = [];
    for (const from of rest) {
      offsets.push(chains.length);
      const offset = this.chain_offset[from]!;
      for (let b = 0; b < this.chain_length[from]!; b++) chains.push(this.chains[offset + b]!);
    }
    for (const column of columns) column.set(Array.from(rest, (from) => column[from]!));
    this.chain_offset.set(offsets);
    this.chains.set(chains);
    this.blocks = chains.length;
    this.rows = rest.length;
    this.isSorted = true;
    if (this.rows === 0) this.occurs.fill(0);
  }

  /** Rows that came in order stand one after the other, and so do their chains. */
  #shift(columns: readonly { copyWithin(target: number, start: number, end: number): unknown }[], rows: number): void {
    const blocks = rows < this.rows ? this.chain_offset[rows]! : this.blocks;
    for (const column of columns) column.copyWithin(0, rows, this.rows);
    this.chain_offset.copyWithin(0, rows, this.rows);
    this.chains.copyWithin(0, blocks, this.blocks);
    this.rows -= rows;
    this.blocks -= blocks;
    for (let i = 0; i < this.rows; i++) this.chain_offset[i] = this.chain_offset[i]! - blocks;
    if (this.rows === 0) this.occurs.fill(0);
  }
}

/** All batches of requests that are there already. */
export function batchesOf(
  requests: Iterable<TraceRequest>,
  options: Omit<BatchOptions, 'onBatch'> = {},
): ReplayBatch[] {
  const batches: ReplayBatch[] = [];
  const builder = new BatchBuilder({ ...options, onBatch: (batch) => batches.push(batch) });
  for (const request of requests) builder.add(request);
  builder.end();
  return batches;
}
