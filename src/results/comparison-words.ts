/**
 * A comparison as people read it, for the terminal and for a pull request: one section per subject, unchanged parts left out.
 *
 * `~` changed, `+` added, `-` removed. A percentage is of the earlier value, which stands beside it.
 */
import { figureWords } from '../report/claim-words.ts';
import { markdownText, plainText } from '../report/escape.ts';
import { share, usdDifference } from '../report/format.ts';
import { COMPONENT_WORDS } from '../report/words.ts';
import type { Change } from './changes.ts';
import type { Comparison, InputChange } from './compare.ts';

interface Row {
  readonly sign: '~' | '+' | '-';
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly change: string;
}

interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const LABELS: Readonly<Record<string, string>> = {
  recommended: 'Recommended',
  versus: 'Compared with',
  saving_usd: 'Saving, net present',
  cash_only_strategy: 'By cash alone',
  perfect_information_usd: 'Worth of knowing everything',
  npv_usd: 'Net present cost',
  cash_npv_usd: 'Its cash part',
  total_usd: 'Total, undiscounted',
  cash_usd: 'Cash part of the total',
  mean_usd: 'Mean of the draws',
  p5_usd: 'P5 of the draws',
  p95_usd: 'P95 of the draws',
  cheapest_fraction: 'Cheapest, share of draws',
  regret_usd: 'Regret',
  ...COMPONENT_WORDS,
};

function rowOf(change: Change, prefix = ''): Row {
  const { name, unit, before, after, relative } = change;
  return {
    sign: before === undefined ? '+' : after === undefined ? '-' : '~',
    name: `${prefix}${LABELS[name] ?? name}`,
    before: before === undefined ? '' : words(before, unit),
    after: after === undefined ? '' : words(after, unit),
    change: changeWords(change, relative),
  };
}

const words = (value: number | string | null, unit: string): string =>
  value === null ? 'none' : figureWords(value, unit.replace(/^request\//, 'requests/'));

/** `+$1,200 (+5.3% of $22,640)`, or nothing where there is nothing to subtract. */
function changeWords({ before, after, unit }: Change, relative: number | null): string {
  if (typeof before !== 'number' || typeof after !== 'number') return '';
  const percent =
    relative === null
      ? ''
      : `${relative > 0 ? '+' : ''}${share(Number(relative.toPrecision(3)))} of ${words(before, unit)}`;
  if (unit !== 'USD') return percent;
  return `${usdDifference(after - before)}${percent === '' ? '' : ` (${percent})`}`;
}

/** The value, and where it alone or not at all changes: its range and source. */
function inputRows(change: InputChange): Row[] {
  const { range, source, name, before, after } = change;
  const rows: Row[] = before === after && (range ?? source) !== undefined ? [] : [rowOf(change)];
  const also = (what: string, texts: { readonly before?: string; readonly after?: string } | undefined): Row[] =>
    texts === undefined
      ? []
      : [
          {
            sign: '~',
            name: `${name}, ${what}`,
            before: texts.before ?? 'none',
            after: texts.after ?? 'none',
            change: '',
          },
        ];
  return [...rows, ...also('range', range), ...also('source', source)];
}

function sectionsOf(found: Comparison): Section[] {
  const plain = (title: string, changes: readonly Change[]): Section => ({
    title,
    rows: changes.map((change) => rowOf(change)),
  });
  return [
    plain('Recommendation', found.recommendation),
    ...found.strategies.map(({ id, change, figures, components, needs }) => ({
      title: `Strategy ${id}${change === 'changed' ? '' : `, ${change}`}`,
      rows: [
        ...figures.map((one) => rowOf(one)),
        ...components.map((one) => rowOf(one)),
        ...needs.map((one) => rowOf(one, 'need: ')),
      ],
    })),
    plain('Claims', found.claims),
    plain('Settings', found.settings),
    { title: 'Inputs', rows: found.inputs.flatMap(inputRows) },
    plain('Prices', found.prices),
    plain('Traffic', found.traffic),
    plain('Unpriced', found.unpriced),
  ].filter(({ rows }) => rows.length > 0);
}

const SAME = 'Nothing changed.';

/** Columns are as wide as their texts; sources may run over the line. */
export function comparisonText(found: Comparison, bold: (text: string) => string = String): string {
  const head = `${plainText(found.before.name)} -> ${plainText(found.after.name)}`;
  if (found.is_same) return `${bold(head)}\n${SAME}\n`;
  const lines = sectionsOf(found).flatMap(({ title, rows }) => {
    const shown = rows.map((row) => ({ ...row, name: plainText(row.name) }));
    const width = Math.max(...shown.map(({ name }) => [...name].length));
    return [
      '',
      bold(plainText(title)),
      ...shown.map(({ sign, name, before, after, change }) => {
        const values = [before, after].filter((text) => text !== '').map(plainText);
        return `  ${sign} ${name}${' '.repeat(width - [...name].length)}  ${values.join(' -> ')}${change === '' ? '' : `  ${change}`}`;
      }),
    ];
  });
  return `${[bold(head), ...lines].join('\n')}\n`;
}

export function comparisonMarkdown(found: Comparison): string {
  const md = markdownText;
  const { before, after } = found;
  const title = before.name === after.name ? after.name : `${before.name} → ${after.name}`;
  if (found.is_same) return `### ${md(title)}\n\n${SAME}\n`;
  return `${[
    `### ${md(title)}`,
    '',
    headline(found),
    '',
    ...tableOf(summary(found)),
    '<details><summary>All changes</summary>',
    '',
    ...sectionsOf(found).flatMap((section) => [`#### ${md(section.title)}`, '', ...tableOf(section.rows)]),
    '</details>',
  ].join('\n')}\n`;
}

function tableOf(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const signs = { '~': '\\~', '+': '\\+', '-': '\\-' };
  return [
    '| | | Before | After | Change |',
    '| :-- | :-- | --: | --: | --: |',
    ...rows.map(
      ({ sign, ...cells }) =>
        `| ${signs[sign]} | ${[cells.name, cells.before, cells.after, cells.change].map(markdownText).join(' | ')} |`,
    ),
    '',
  ];
}

/** The saving, and every strategy's net present cost. */
const summary = ({ recommendation, strategies }: Comparison): Row[] => [
  ...recommendation.filter(({ name }) => name === 'saving_usd').map((one) => rowOf(one)),
  ...strategies.flatMap(({ id, figures }) =>
    figures
      .filter(({ name }) => name === 'npv_usd')
      .map((one) => ({ ...rowOf(one), name: `Net present cost of ${id}` })),
  ),
];

/** What a reviewer has to know: whether the recommendation stands. */
function headline({ recommendation }: Comparison): string {
  const chosen = recommendation.find(({ name }) => name === 'recommended');
  if (chosen === undefined) return 'The recommendation stands.';
  const id = (value: Change['before']): string => (value == null ? 'nothing' : markdownText(String(value)));
  return `**The recommendation changes from ${id(chosen.before)} to ${id(chosen.after)}.**`;
}
