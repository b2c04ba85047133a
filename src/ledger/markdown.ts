/** claims.md: one table of all statements, then a section for each, with the figures of its verdict taken apart. */
import { markdownLinkedText, markdownText as md } from '../report/escape.ts';
import { exactUsd, plural } from '../report/format.ts';
import { bullets, table } from '../report/markdown-blocks.ts';
import type { Ledger, LedgerClaim, LedgerStatement } from './contract.ts';
import {
  afterVerdict,
  asAssumed,
  comparisonWords,
  decisiveWords,
  hereWords,
  sideWords,
  upperFirst,
  VERDICTS,
} from './words.ts';
import { type Working, workingsOf } from './workings.ts';

export function ledgerMarkdown(ledger: Ledger): string {
  const { statements } = ledger;
  return [
    '# Claims put to the test',
    '',
    'Each statement is somebody’s claim about what access to language models costs. It was written as a condition over costs, and Tollgate',
    'computed these from traffic, dated prices and stated assumptions. **Holds** and **Fails** are the verdict everywhere in the range that',
    'the scenario states, or where it stands; **Holds where** names the boundary, and beside it stands what holds at the values that the',
    'scenario itself assumes. claims.html beside this file shows every line of the working.',
    '',
    ...table(
      ['', 'Statement', 'Verdict', 'What decides it'],
      'llll',
      statements.map((one) => [
        one.number ?? '–',
        md(one.text),
        [`**${VERDICTS[one.verdict]}**`, asAssumed(one, ledger.claims[one.claims[0]!]!)].filter(Boolean).join('; '),
        md(decisiveWords(one, ledger.claims[one.claims[0]!]!)),
      ]),
    ),
    ...ledger.problems.flatMap(({ file, messages }) => [
      `Not judged: ${md(file)}`,
      '',
      ...bullets(messages.map(md)),
      '',
    ]),
    ...statements.flatMap((one) => statementLines(ledger, one)),
  ].join('\n');
}

function statementLines(ledger: Ledger, statement: LedgerStatement): string[] {
  const [deciding, ...others] = statement.claims.map((place) => ledger.claims[place]!);
  const { restated, because } = deciding!;
  const all = [deciding!, ...others];
  return [
    `## ${statement.number === null ? '' : `${statement.number}: `}${md(statement.text)}`,
    '',
    `${markdownLinkedText(statement.source)}. **${VERDICTS[statement.verdict]}**${md(afterVerdict(statement))} ${md(hereWords(deciding!))}`.trim(),
    '',
    ...(restated === null ? [] : [`Judged in its place: ${md(restated)}`, '']),
    ...(because === null ? [] : [`Because: ${markdownLinkedText(because)}`, '']),
    ...wrongLines(all.flatMap((one) => one.wrong)),
    ...evidenceLines(
      'Published for it',
      all.flatMap((one) => one.published.for),
    ),
    ...evidenceLines(
      'Published against it',
      all.flatMap((one) => one.published.against),
    ),
    ...(others.length === 0
      ? []
      : ['Other readings:', '', ...bullets(others.map((one) => readingLine(ledger, one))), '']),
    ...arithmetic(ledger, deciding!),
  ];
}

const wrongLines = (wrong: LedgerClaim['wrong']): string[] =>
  wrong.length === 0
    ? []
    : table(
        ['The document says', 'It is', 'Source'],
        'lll',
        wrong.map(({ said, is, source }) => [md(said), md(is), markdownLinkedText(source)]),
      );

const evidenceLines = (title: string, found: LedgerClaim['published']['for']): string[] =>
  found.length === 0
    ? []
    : [`${title}:`, '', ...bullets(found.map(({ text, source }) => `${md(text)} (${markdownLinkedText(source)})`)), ''];

function readingLine({ runs }: Ledger, claim: LedgerClaim): string {
  const { variant } = runs[claim.run]!;
  const figures = claim.as === 'stated' ? 'with the document’s figures' : 'with sourced figures';
  const place = variant === null ? figures : `${figures}, ${variant.title}`;
  return `**${VERDICTS[claim.verdict]}** (${md(place)}): ${md(claim.restated ?? claim.text)} ${md(upperFirst(claim.words))}.`;
}

function arithmetic({ runs }: Ledger, claim: LedgerClaim): string[] {
  const run = runs[claim.run]!;
  return [
    ...bullets(claim.comparisons.map((one) => `\`${comparisonWords(one).replaceAll('`', "'")}\``)),
    '',
    ...workingsOf(claim, run).flatMap(workingLines),
    `Every line: \`${run.command.replaceAll('`', "'")}\` (${plural(run.horizon_months, 'month')} from ${run.start}).`,
    '',
  ];
}

function workingLines(working: Working): string[] {
  const { figure } = working;
  if (working.is === 'sum')
    return table([`\`${figure.name}\`, sum of its ${working.of}`, 'USD'], 'lr', [
      ...working.parts.map(({ label, usd }) => [md(label), exactUsd(usd)] as const),
      ['**Sum**', typeof figure.value === 'number' ? `**${exactUsd(figure.value)}**` : md(String(figure.value))],
    ]);
  if (working.is === 'stated' && figure.name.startsWith('input.'))
    return [
      `- \`${figure.name}\` = ${md(sideWords(figure.value))} ${md(figure.unit)}: ${markdownLinkedText(working.words)}`,
      '',
    ];
  return [];
}
