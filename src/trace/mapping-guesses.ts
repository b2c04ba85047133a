/**
 * What names of columns and their values say: the words that stand for each field, and the unit in which values come.
 *
 * One table, in the order in which columns are given away: fields with the most telling names first.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { parseDate, parseIso } from './instant.ts';
import type { MappingColumns } from './mapping.ts';

export type MappedField = keyof MappingColumns;

export interface Guess {
  readonly field: MappedField;
  /** Words, one set of alternatives each, all of which must be in the name. */
  readonly words: readonly (readonly string[])[];
  readonly not?: readonly string[];
  /** Better names first where several columns fit. */
  readonly prefers?: readonly string[];
  /** The unit of the values, '' where there is only one; undefined: they do not fit. */
  readonly unit: (values: readonly string[], words: readonly string[]) => string | undefined;
}

export const TOKENS = ['token', 'tokens', 'tok', 'toks', 'length', 'len', 'count', 'units', 'n'];
const MONEY = ['cost', 'costs', 'spend', 'price', 'usd', 'dollars', 'amount', 'charge', 'billed', 'kosten'];
const GERMAN_TIMES = ['zeit', 'zeitpunkt', 'zeitstempel', 'datum'];
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
  values.length > 0 && values.every((value) => /^[0-9]{1,15}(?:[.]0+)?$/.test(value)) ? '' : undefined;
const decimals = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => /^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$/.test(value));
const texts = (values: readonly string[]): string | undefined => (values.length > 0 ? '' : undefined);

export const GUESSES: readonly Guess[] = [
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
    words: [['input', 'prompt', 'in', 'context', 'request', 'query', 'eingabe'], TOKENS],
    not: COUNTLESS,
    unit: integers,
  },
  {
    field: 'output_tokens',
    words: [['output', 'completion', 'out', 'generated', 'response', 'answer', 'gen', 'ausgabe'], TOKENS],
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
      [
        'time',
        'timestamp',
        'date',
        'datetime',
        'ts',
        'created',
        'start',
        'started',
        'at',
        'day',
        'hour',
        'when',
        ...GERMAN_TIMES,
      ],
    ],
    not: ['end', 'ended', 'until', 'updated', 'finished', 'completed', 'expires', 'completion'],
    prefers: ['start', 'started', 'created', 'timestamp', 'time'],
    unit: timeUnit,
  },
  { field: 'latency', words: [['latency', 'duration', 'elapsed', 'took', 'runtime', 'dauer']], unit: durationUnit },
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
    words: [['model', 'llm', 'engine', 'deployment', 'modell']],
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
    words: [['user', 'customer', 'client', 'account', 'enduser', 'nutzer', 'benutzer']],
    not: ['agent', 'email'],
    unit: texts,
  },
  {
    field: 'team',
    words: [
      [
        'team',
        'org',
        'organisation',
        'organization',
        'department',
        'workspace',
        'project',
        'group',
        'squad',
        'tenant',
        'abteilung',
        'projekt',
      ],
    ],
    prefers: ['team', 'department'],
    unit: texts,
  },
  { field: 'agent', words: [['agent', 'bot', 'assistant', 'workflow']], not: ['user'], unit: texts },
];

/** `promptTokens (5m)` is prompt, tokens, 5m. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

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
