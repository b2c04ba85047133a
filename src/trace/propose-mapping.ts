/**
 * Proposes how the columns of an unknown log are read, from their names and a sample of their values: for each field the
 * column whose name says it best and whose values fit. What it could not tell is a doubt, for a person to settle.
 *
 * It reads no file and asks nobody. A name alone never decides: values that do not fit rule a column out.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { parseDate, parseIso } from './instant.ts';
import type { MappingColumns, TraceMapping } from './mapping.ts';

export type MappedField = keyof MappingColumns;

export interface ProposedField {
  readonly field: MappedField;
  readonly column: string;
  readonly unit: string | undefined;
  /** Completes "input_tokens <- prompt_tokens, since ...". */
  readonly reason: string;
}

export interface MappingProposal {
  readonly fields: readonly ProposedField[];
  readonly input_includes: TraceMapping['input_includes'];
  readonly output_includes: TraceMapping['output_includes'];
  /** What was assumed without proof, or could not be told: sentences for people. */
  readonly doubts: readonly string[];
  readonly unused: readonly string[];
}

interface Guess {
  readonly field: MappedField;
  /** Words, one set of alternatives each, all of which must be in the name. */
  readonly words: readonly (readonly string[])[];
  readonly not?: readonly string[];
  /** Better names first where several columns fit. */
  readonly prefers?: readonly string[];
  /** The unit of the values, '' where there is only one; undefined: they do not fit. */
  readonly unit: (values: readonly string[], words: readonly string[]) => string | undefined;
}

const TOKENS = ['token', 'tokens', 'tok', 'toks', 'length', 'len', 'count', 'units', 'n'];
const MONEY = ['cost', 'costs', 'spend', 'price', 'usd', 'amount', 'charge', 'billed'];
const CACHE = ['cache', 'cached', 'caching'];
const COUNTLESS = [
  ...CACHE,
  ...MONEY,
  'audio',
  'image',
  'reasoning',
  'thinking',
  'total',
  'max',
  'limit',
  'rate',
  'first',
];

const integers = (values: readonly string[]): string | undefined =>
  values.length > 0 && values.every((value) => /^[0-9]{1,15}$/.test(value)) ? '' : undefined;
const decimals = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => /^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$/.test(value));
const texts = (values: readonly string[]): string | undefined => (values.length > 0 ? '' : undefined);

/** In the order in which columns are given away: what has the most telling name first. */
const GUESSES: readonly Guess[] = [
  { field: 'ttft', words: [['ttft', 'first']], not: TOKENS.slice(6), unit: durationUnit },
  {
    field: 'cache_write_1h_tokens',
    words: [CACHE, ['write', 'creation', 'created', 'written'], ['1h', '1hr', 'hour']],
    not: MONEY,
    unit: integers,
  },
  {
    field: 'cache_write_5m_tokens',
    words: [CACHE, ['write', 'creation', 'created', 'written']],
    not: MONEY,
    unit: integers,
  },
  { field: 'cache_read_tokens', words: [CACHE], not: [...MONEY, 'miss', 'key', 'status', 'hit_rate'], unit: integers },
  { field: 'reasoning_tokens', words: [['reasoning', 'thinking', 'thought', 'thoughts']], not: MONEY, unit: integers },
  { field: 'audio_input_tokens', words: [['audio'], ['input', 'prompt', 'in']], not: MONEY, unit: integers },
  { field: 'audio_output_tokens', words: [['audio'], ['output', 'completion', 'out']], not: MONEY, unit: integers },
  {
    field: 'input_tokens',
    words: [['input', 'prompt', 'in', 'context', 'request', 'query'], TOKENS],
    not: COUNTLESS,
    unit: integers,
  },
  {
    field: 'output_tokens',
    words: [['output', 'completion', 'out', 'generated', 'response', 'answer', 'gen'], TOKENS],
    not: COUNTLESS,
    unit: integers,
  },
  { field: 'input_tokens', words: [['input', 'prompt', 'context']], not: COUNTLESS, unit: integers },
  {
    field: 'output_tokens',
    words: [['output', 'completion', 'generated', 'response']],
    not: [...COUNTLESS, 'status', 'code', 'time'],
    unit: integers,
  },
  {
    field: 'billed',
    words: [MONEY],
    not: [...TOKENS, 'per', 'input', 'output', 'prompt', 'completion', 'currency'],
    prefers: ['total', 'cost', 'billed', 'spend'],
    unit: moneyUnit,
  },
  {
    field: 'status',
    words: [['status', 'code', 'http']],
    unit: (values) =>
      integers(values) === '' && values.every((value) => +value >= 100 && +value < 600) ? '' : undefined,
  },
  {
    field: 'until',
    words: [
      ['end', 'until', 'ended', 'finish', 'finished'],
      ['bucket', 'interval', 'window'],
    ],
    unit: timeUnit,
  },
  {
    field: 'time',
    words: [
      ['time', 'timestamp', 'date', 'datetime', 'ts', 'created', 'start', 'started', 'at', 'day', 'hour', 'when'],
    ],
    not: ['end', 'ended', 'until', 'updated', 'finished', 'completed', 'expires', 'completion'],
    prefers: ['start', 'started', 'created', 'timestamp', 'time'],
    unit: timeUnit,
  },
  { field: 'latency', words: [['latency', 'duration', 'elapsed', 'took', 'runtime']], unit: durationUnit },
  {
    field: 'requests',
    words: [
      ['requests', 'calls', 'count'],
      ['requests', 'calls', 'num', 'number', 'n', 'request'],
    ],
    not: TOKENS.slice(0, 4),
    unit: integers,
  },
  {
    field: 'model',
    words: [['model', 'llm', 'engine', 'deployment']],
    not: ['id', 'version', 'provider'],
    prefers: ['model', 'name'],
    unit: texts,
  },
  { field: 'model', words: [['model']], not: ['provider'], unit: texts },
  { field: 'seller', words: [['provider', 'vendor', 'seller']], unit: texts },
  {
    field: 'tier',
    words: [['tier']],
    unit: (values) =>
      values.every((value) => (SERVICE_TIERS as readonly string[]).includes(value.toLowerCase())) ? '' : undefined,
  },
  {
    field: 'feature',
    words: [
      [
        'feature',
        'task',
        'usecase',
        'app',
        'application',
        'endpoint',
        'route',
        'product',
        'tag',
        'purpose',
        'operation',
      ],
    ],
    prefers: ['feature', 'task', 'app'],
    unit: texts,
  },
  {
    field: 'user',
    words: [['user', 'customer', 'client', 'account', 'enduser']],
    not: ['agent', 'email'],
    unit: texts,
  },
  {
    field: 'team',
    words: [['team', 'org', 'organisation', 'organization', 'department', 'workspace', 'project', 'group', 'tenant']],
    prefers: ['team', 'department'],
    unit: texts,
  },
];

/** @param rows sampled rows, as many cells as the header has names */
export function proposeMapping(header: readonly string[], rows: readonly (readonly string[])[]): MappingProposal {
  const columns = header.map((name, index) => ({
    name,
    words: wordsOf(name),
    values: rows
      .map((row) => (row[index] ?? '').trim())
      .filter((value) => value !== '' && value.toLowerCase() !== 'null'),
  }));
  const fields: ProposedField[] = [];
  const taken = new Set<string>();
  const doubts: string[] = [];
  for (const { field, words, not = [], prefers = [], unit } of GUESSES) {
    if (fields.some((one) => one.field === field)) continue;
    const fitting = columns
      .filter(({ name }) => !taken.has(name))
      .filter((column) => words.every((any) => any.some((word) => column.words.includes(word))))
      .filter((column) => !not.some((word) => column.words.includes(word)))
      .map((column) => ({ ...column, unit: unit(column.values, column.words), rank: rankOf(column.words, prefers) }))
      .filter((column) => column.unit !== undefined)
      .sort((a, b) => a.rank - b.rank || a.words.length - b.words.length);
    const best = fitting[0];
    if (best === undefined) continue;
    taken.add(best.name);
    const value = best.values[0]!.slice(0, 40);
    fields.push({
      field,
      column: best.name,
      unit: best.unit === '' ? undefined : best.unit,
      reason: `its name, and values such as ${value}`,
    });
    const others = fitting.slice(1).map(({ name }) => `"${name}"`);
    if (others.length > 0) doubts.push(`${field} could also be ${others.join(' or ')}`);
  }
  const numbers = new Numbers(header, rows, fields);
  const includes = inclusions(numbers, doubts);
  for (const field of ['input_tokens', 'output_tokens', 'time', 'model'] as const)
    if (!fields.some((one) => one.field === field)) doubts.push(`no column was found for ${field}`);
  return { fields, ...includes, doubts, unused: header.filter((name) => !taken.has(name)) };
}

/** `promptTokens (5m)` is prompt, tokens, 5m. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

const rankOf = (words: readonly string[], prefers: readonly string[]): number => {
  const rank = prefers.findIndex((word) => words.includes(word));
  return rank < 0 ? prefers.length : rank;
};

function timeUnit(values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  if (values.every((value) => parseDate(value) !== undefined)) return 'date';
  if (values.every((value) => parseIso(value) !== undefined)) return 'iso';
  if (!decimals(values)) return undefined;
  const least = Math.min(...values.map(Number));
  return least >= 1e17 ? 'ns' : least >= 1e14 ? 'us' : least >= 1e11 ? 'ms' : least >= 1e8 ? 's' : undefined;
}

/** Seconds if the name says so, or if no value is as long as a tenth of a second would be in milliseconds. */
function durationUnit(values: readonly string[], words: readonly string[]): string | undefined {
  if (!decimals(values)) return undefined;
  if (words.some((word) => ['s', 'sec', 'secs', 'seconds'].includes(word))) return 's';
  if (words.some((word) => ['ms', 'millis', 'milliseconds'].includes(word))) return 'ms';
  return values.some((value) => value.includes('.')) && values.every((value) => Number(value) < 100) ? 's' : 'ms';
}

function moneyUnit(values: readonly string[], words: readonly string[]): string | undefined {
  if (!decimals(values)) return undefined;
  return words.some((word) => word === 'cents' || word === 'cent')
    ? 'usd_cents'
    : words.some((word) => word.startsWith('nano'))
      ? 'usd_nano'
      : 'usd';
}

/** Sampled numbers by field, row by row. */
class Numbers {
  readonly #place = new Map<string, number>();
  readonly #rows: readonly (readonly string[])[];

  constructor(header: readonly string[], rows: readonly (readonly string[])[], fields: readonly ProposedField[]) {
    this.#rows = rows;
    for (const { field, column } of fields) this.#place.set(field, header.indexOf(column));
    const total = header.findIndex((name) => {
      const words = wordsOf(name);
      return words.includes('total') && words.some((word) => TOKENS.includes(word));
    });
    if (total >= 0) this.#place.set('total', total);
  }

  has(field: string): boolean {
    return this.#place.has(field);
  }

  /** In how many of the rows where `part` is above 0 a statement holds. */
  share(part: string, holds: (of: (field: string) => number) => boolean): number {
    const told = this.#rows.filter((row) => this.#of(row, part) > 0);
    return told.filter((row) => holds((field) => this.#of(row, field))).length / Math.max(told.length, 1);
  }

  #of(row: readonly string[], field: string): number {
    const place = this.#place.get(field);
    return place === undefined ? 0 : Number(row[place] ?? 0) || 0;
  }
}

/** Whether input holds the cached tokens too, and output the reasoning ones: by a total where there is one, else by size. */
function inclusions(numbers: Numbers, doubts: string[]): Pick<MappingProposal, 'input_includes' | 'output_includes'> {
  const input: ('cache_read' | 'cache_write')[] = [];
  for (const [field, part] of [
    ['cache_read_tokens', 'cache_read'],
    ['cache_write_5m_tokens', 'cache_write'],
  ] as const)
    if (numbers.has(field) && isIncluded(numbers, field, 'input_tokens', doubts)) input.push(part);
  const output =
    numbers.has('reasoning_tokens') && isIncluded(numbers, 'reasoning_tokens', 'output_tokens', doubts)
      ? (['reasoning'] as const)
      : [];
  return { input_includes: input, output_includes: [...output] };
}

function isIncluded(numbers: Numbers, part: string, whole: string, doubts: string[]): boolean {
  if (numbers.has('total')) {
    const inside = numbers.share(part, (of) => of('total') === of('input_tokens') + of('output_tokens'));
    if (inside > 0.9) return true;
    const beside = numbers.share(part, (of) => of('total') >= of('input_tokens') + of('output_tokens') + of(part));
    if (beside > 0.9) return false;
  }
  const fits = numbers.share(part, (of) => of(part) <= of(whole)) === 1;
  doubts.push(
    fits
      ? `${part} never exceed ${whole} in the sample, so they are taken for a part of them; if they are not, empty the list`
      : `${part} exceed ${whole} in some rows, so they are taken for tokens beside them`,
  );
  return fits;
}
