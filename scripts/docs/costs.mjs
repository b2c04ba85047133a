/**
 * How each cost is computed, and what is not modelled, as Markdown: both from the headers of the files that compute it. Takes the
 * sources by path, gives the texts of docs/how-costs-are-computed.md and docs/limits.md. A file whose header lacks a worked example
 * is an error where one is asked for.
 */
import { headerOf } from './headers.mjs';

/** @typedef {ReadonlyMap<string, string>} Sources path below src/ -> text */

/** Chapters in the order in which money arises. A file of src/costs that stands in none is an error. */
const CHAPTERS = /** @type {const} */ ([
  ['From traffic to months', ['costs/demand.ts', 'costs/season.ts', 'scenario/season.ts']],
  ['Tokens', ['costs/token-charges.ts', 'pricing/committed.ts', 'costs/cache-shares.ts', 'replay/savings.ts']],
  [
    'Discounts and contracts with sellers',
    ['costs/volume-discounts.ts', 'costs/commitments.ts', 'costs/seller-credits.ts', 'costs/pass-through.ts'],
  ],
  ['Gateways', ['costs/gateway-fees.ts', 'costs/credit-purchases.ts', 'costs/gateway-credits.ts', 'costs/credits.ts']],
  ['Running it oneself', ['costs/infrastructure.ts', 'costs/own-hardware.ts', 'costs/cache-fees.ts']],
  ['Engineering', ['costs/engineering.ts', 'conditions/learning-curve.ts', 'costs/change-over.ts']],
  [
    'Outages and failures',
    [
      'costs/outages.ts',
      'costs/failures.ts',
      'conditions/availability.ts',
      'conditions/outage-worlds.ts',
      'conditions/retries.ts',
      'costs/replayed-losses.ts',
    ],
  ],
  ['Latency, quality, early access', ['costs/latency.ts', 'costs/quality.ts', 'costs/early-access.ts']],
  ['Later money', ['present-value.ts', 'scenario/convert-money.ts']],
]);

/** Files of src/costs that hold no formula: how parts fit together. */
const WITHOUT_FORMULA = [
  'costs/access.ts',
  'costs/cost-inputs.ts',
  'costs/covered-in-part.ts',
  'costs/quotes.ts',
  'costs/season-notices.ts',
  'costs/seller-bills.ts',
];

/** @param {Sources} sources */
export function costsText(sources) {
  const told = CHAPTERS.flatMap(([, files]) => [...files]);
  const left = [...sources.keys()].filter(
    (path) => path.startsWith('costs/') && ![...told, ...WITHOUT_FORMULA].includes(path),
  );
  if (left.length > 0) throw new Error(`no chapter of the documentation has ${left.join(', ')}`);
  const chapters = CHAPTERS.flatMap(([title, files]) => [
    `## ${title}`,
    '',
    ...files.flatMap((path) => section(path, sources)),
  ]);
  return text([
    '# How each cost is computed',
    '',
    'Made from the headers of the files that compute it (`npm run docs`); each worked example is a test of that file. Money is in',
    'dollars, `m` is a month of the horizon, a month has 730 hours. In a report, every line item carries its own formula and inputs.',
    '',
    '    cash TCO     = token charges + gateway fees + infrastructure + engineering + commitments - credits',
    '    economic TCO = cash TCO + value lost (outages, latency, quality) - value of early access',
    '',
    'Strategies are ranked by the net present value of the economic TCO.',
    '',
    ...chapters,
  ]);
}

/**
 * @param {string} path
 * @param {Sources} sources
 */
function section(path, sources) {
  const header = headerOf(sources.get(path) ?? missing(path, 'no such file'));
  if (header === undefined || header.example === '') return missing(path, 'its header has no worked example');
  const [title, says] = titled(path, header.says);
  return [
    `### ${title}`,
    '',
    plain(says),
    '',
    ...(header.formulas.length === 0 ? [] : [...header.formulas.map((line) => `    ${line}`), '']),
    ...(header.after === '' ? [] : [plain(header.after), '']),
    `**Example.** ${plain(upper(header.example))}`,
    '',
    ...(header.source === '' ? [] : [`**Source.** ${plain(upper(header.source))}`, '']),
    ...(header.notModelled === '' ? [] : [`**Not modelled.** ${plain(upper(header.notModelled))}`, '']),
    `[src/${path}](../src/${path})`,
    '',
  ];
}

const AREAS = /** @type {const} */ ([
  ['costs/', 'Costs'],
  ['conditions/', 'Outages, limits, errors and latency'],
  ['replay/', 'Replay and caches'],
  ['routing/', 'Policies'],
  ['router/', 'The router'],
  ['workload/', 'Synthetic traffic'],
  ['pricing/', 'Prices'],
  ['scenario/', 'Scenarios'],
  ['analysis/', 'Searches and break-even'],
  ['decision/', 'Uncertainty'],
  ['uncertainty/', 'Uncertainty'],
  ['sampling/', 'Uncertainty'],
  ['measurements/', 'Live checks'],
  ['claims/', 'Claims'],
  ['', 'Throughout'],
]);

/** @param {Sources} sources */
export function limitsText(sources) {
  /** @type {Map<string, string[]>} */
  const areas = new Map(AREAS.map(([, title]) => [title, []]));
  for (const [path, source] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const limit = headerOf(source)?.notModelled ?? '';
    if (limit === '') continue;
    const [, area] = AREAS.find(([start]) => path.startsWith(start)) ?? missing(path, 'it has no area');
    areas.get(area)?.push(`- [${path.replace(/\.ts$/, '')}](../src/${path}): ${plain(limit)}`);
  }
  return text([
    '# Limits: what is not modelled',
    '',
    'Made from the headers of the files that compute (`npm run docs`). What a report leaves out for want of knowledge (unpriced usage,',
    'fees that are not published, dimensions that a log lacks) stands in that report. Beyond single files:',
    '',
    '- Money is shown in US dollars; amounts in EUR and CNY are converted at a dated rate, which a notice names.',
    '- Prices are files that people review: none is fetched.',
    '- Strategies that `replay` does not name are priced as the traffic was: an attempt is a request.',
    '- A replay needs one row per request. What it counted is scaled with the volume: caches that hit more often in more traffic, and',
    '  limits that more traffic runs into, are not foreseen.',
    '- The router is one process on one machine: no cluster, no web page, no semantic cache.',
    '',
    ...[...areas].filter(([, all]) => all.length > 0).flatMap(([title, all]) => [`## ${title}`, '', ...all, '']),
  ]);
}

/** `Token charges: what …` is a title and a sentence. @param {string} path @param {string} says */
function titled(path, says) {
  const found = /^([A-Z][^:.]{2,60}): ([\s\S]+)$/.exec(says);
  if (found !== null) return [found[1], upper(found[2])];
  const name = path.replace(/^.*\//, '').replace(/\.ts$/, '').replaceAll('-', ' ');
  return [name[0].toUpperCase() + name.slice(1), says];
}

const upper = (/** @type {string} */ words) =>
  /^[a-z]+[ ,.;:']/.test(words) ? words[0].toUpperCase() + words.slice(1) : words;
/** Signs that Markdown would take for its own. */
const plain = (/** @type {string} */ words) =>
  words.replaceAll(/[<*|]/g, (sign, at) => (inCode(words, at) ? sign : `\\${sign}`));
const inCode = (/** @type {string} */ words, /** @type {number} */ at) =>
  words.slice(0, at).split('`').length % 2 === 0;
const text = (/** @type {readonly string[]} */ lines) => `${lines.join('\n').trimEnd()}\n`;

/** @param {string} path @param {string} why @returns {never} */
function missing(path, why) {
  throw new Error(`documentation of src/${path}: ${why}`);
}
