/**
 * What `tollgate caches` says to people: one table for each cache, each share under the count that it is a share of, and
 * what is known of how many requests.
 */
import type { Diagnostic } from '../errors.ts';
import type { CacheStudyResult, ResponseCell } from '../replay/caches/cache-study-result.ts';
import type { Tenant } from '../replay/columns.ts';
import { terminalTable } from './terminal-table.ts';

interface Reading {
  readonly source: string;
  readonly rejected: number;
  readonly warnings: readonly Diagnostic[];
}

export async function cacheStudyInWords(study: CacheStudyResult, reading: Reading): Promise<string> {
  const { of, without_prompt } = study;
  const lines = [
    reading.source,
    `${whole(of.requests)} requests, ${whole(of.prompt_tokens)} prompt tokens, ${whole(of.answer_tokens)} answer tokens`,
    ...(reading.rejected === 0 ? [] : [`${whole(reading.rejected)} rows can’t be read and are left out`]),
    ...reading.warnings.map(({ path, message }) => `${path}: ${message}`),
    ...(study.logged_read_tokens === 0
      ? []
      : [
          `The trace itself counts ${whole(study.logged_read_tokens)} prompt tokens (${share(study.logged_read_tokens / of.prompt_tokens)}) as read from sellers’ caches`,
        ]),
  ];
  if (without_prompt.requests === of.requests) return said([...lines, '', ...NOTHING_KNOWN]);
  if (without_prompt.requests > 0)
    lines.push(
      `${whole(without_prompt.requests)} of them (${share(without_prompt.requests / of.requests)}) have no hash chain: nothing is known of these, they count as misses, and shares are of all requests`,
    );
  if (study.misfit_chains > 0)
    lines.push(
      `Check: ${whole(study.misfit_chains)} hash chains have another number of blocks than prompts of ${study.block_tokens}-token blocks have; a block has ${study.tokens_per_block!.toFixed(1)} tokens on average. State its size: --block-tokens`,
    );
  const parts = [lines, ...(await responseTables(study)), await promptTable(study), await behindTable(study), FOOT];
  return said(parts.flatMap((part, i) => (i === 0 ? part : ['', ...part])));
}

const said = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

const NOTHING_KNOWN = [
  'No request has a hash chain of its prompt, so that this trace can’t tell what a cache would hit. A hit rate is then an',
  'assumption, to be stated as a range under the strategy’s response_cache in the scenario’s replay block:',
  '',
  '  response_cache:',
  '    hit_share: 10 % to 30 %',
  '',
  'To measure it instead, log prompts as hashes of their blocks, outermost first, each of everything up to the end of its',
  'block: the column hash_chain of the Tollgate trace (whole numbers separated by spaces), or hash_ids as Mooncake writes.',
];

const FOOT = [
  'Shares are exact on this trace for the sizes and lives shown, as if each such cache had stood alone from an empty start;',
  'between them nothing is known. A table over lives from the last use comes from one pass; lives from insertion, and what is',
  'left behind a response cache, are run one by one and can’t be combined. Sizes are LRU, without a bound on tokens. A',
  'response cache hits equal prompts alone: of one model, with the same last block and the same tokens; what else changes an',
  'answer (temperature, tools) is not known. An answer is there at once, also while the first request still runs.',
];

async function responseTables({ of, response_cache }: CacheStudyResult): Promise<string[][]> {
  const tables: string[][] = [];
  for (const { tenant, unstated_requests, cells } of response_cache) {
    const title = `Response cache, ${SHARED[tenant]}: share spared`;
    if (unstated_requests === of.requests) {
      tables.push([title, `No request states its ${tenant}: it can’t be told from a cache that all share`]);
      continue;
    }
    const rows: [string, ResponseCell[]][] = [];
    for (const cell of cells) {
      const label = `  ${sizeInWords(cell.entries, 'entries')}${cell.life_from === 'insertion' ? ', from insertion' : ''}`;
      const row = rows.find(([name]) => name === label);
      if (row === undefined) rows.push([label, [cell]]);
      else row[1].push(cell);
    }
    const lives = rows[0]![1].map(({ life_ms }) => lifeInWords(life_ms));
    const table = await terminalTable(
      ['Life from the last use', ...lives],
      ['left', ...lives.map(() => 'right' as const)],
    );
    for (const [measure, name] of MEASURES) {
      table.push([`Of ${whole(of[measure])} ${name}`, ...lives.map(() => '')]);
      for (const [label, row] of rows)
        table.push([label, ...row.map(({ saved_fraction }) => share(saved_fraction[measure]))]);
    }
    const unstated =
      unstated_requests === 0
        ? []
        : [`${whole(unstated_requests)} requests state no ${tenant} and share their answers with one another`];
    tables.push([title, ...unstated, table.toString()]);
  }
  return tables;
}

async function promptTable({ block_tokens, prompt_cache: { of, cells } }: CacheStudyResult): Promise<string[]> {
  const sizes = [...new Set(cells.map(({ capacity_blocks }) => capacity_blocks))];
  const lives = [...new Set(cells.map(({ life_ms }) => life_ms))];
  const table = await terminalTable(
    ['Life from the last use', ...lives.map(lifeInWords)],
    ['left', ...lives.map(() => 'right' as const)],
  );
  for (const [measure, name] of PROMPT_MEASURES) {
    table.push([`Of ${whole(of[measure])} ${name}`, ...lives.map(() => '')]);
    for (const size of sizes)
      table.push([
        `  ${sizeInWords(size, 'blocks')}`,
        ...cells
          .filter(({ capacity_blocks }) => capacity_blocks === size)
          .map(({ read_fraction }) => share(read_fraction[measure])),
      ]);
  }
  return [`Prompt cache alone, blocks of ${block_tokens} tokens: share read`, table.toString()];
}

async function behindTable({ of: all, response_cache, prompt_cache_behind }: CacheStudyResult): Promise<string[]> {
  const shown = prompt_cache_behind.map(({ cells, ...rest }) => ({
    ...rest,
    cells: cells.filter(({ capacity_blocks }) => capacity_blocks === null),
  }));
  const lives = shown[0]?.cells.map(({ life_ms }) => lifeInWords(life_ms)) ?? [];
  const table = await terminalTable(
    ['Response cache before it', 'Left requests', 'Left prompt tokens', ...lives],
    ['left', 'right', 'right', ...lives.map(() => 'right' as const)],
  );
  const isStated = (tenant: Tenant): boolean =>
    response_cache.some((one) => one.tenant === tenant && one.unstated_requests < all.requests);
  for (const { tenant, entries, life_ms, life_from, of, cells } of shown)
    table.push([
      `${SHARED[isStated(tenant) ? tenant : 'all']}, ${sizeInWords(entries, 'entries')}, ${lifeInWords(life_ms)}${life_from === 'insertion' ? ' from insertion' : ''}`,
      whole(of.requests),
      whole(of.prompt_tokens),
      ...cells.map(({ read_fraction }) => share(read_fraction.prompt_tokens)),
    ]);
  return shown.length === 0
    ? []
    : ['Prompt cache without a bound, behind a response cache: share read of the prompt tokens left', table.toString()];
}

const SHARED = { all: 'shared by all', team: 'one for each team', user: 'one for each user' } as const;
const MEASURES = [
  ['requests', 'requests'],
  ['prompt_tokens', 'prompt tokens'],
  ['answer_tokens', 'answer tokens'],
] as const;
const PROMPT_MEASURES = [
  ['prompt_tokens', 'prompt tokens'],
  ['blocks', 'blocks'],
] as const;

const whole = (count: number): string => count.toLocaleString('en-GB');
const share = (fraction: number | null): string => (fraction === null ? '–' : `${(100 * fraction).toFixed(1)} %`);
const sizeInWords = (size: number | null, what: string): string =>
  size === null ? 'no bound' : `${whole(size)} ${what}`;

const LIFE_UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
  [1, 'ms'],
] as const;

/** In the largest unit of which it is a whole number. */
function lifeInWords(life_ms: number | null): string {
  if (life_ms === null) return 'for ever';
  const [unit_ms, name] = LIFE_UNITS.find(([ms]) => life_ms % ms === 0)!;
  const count = life_ms / unit_ms;
  return `${whole(count)} ${name}${count === 1 || name === 'ms' ? '' : 's'}`;
}
