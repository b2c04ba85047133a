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
import { HeldRows } from './held-rows.ts';

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
  readonly #held = new HeldRows(HELD_ROWS);
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
