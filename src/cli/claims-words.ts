/** The ledger for a terminal: number, statement, verdict, what decides it; the last line names the page. */
import type { Ledger, LedgerStatement } from '../ledger/contract.ts';
import { asAssumed, decisiveWords, VERDICTS } from '../ledger/words.ts';
import { plainText } from '../report/escape.ts';
import { plural } from '../report/format.ts';
import type { colours } from './colours.ts';
import { terminalTable } from './terminal-table.ts';

type Paint = ReturnType<typeof colours>;

const NARROW = 60;
const DEFAULT_WIDTH = 110;
const [NUMBER_WIDTH, VERDICT_WIDTH, BORDERS] = [7, 13, 5];

export async function ledgerText(ledger: Ledger, page: string, paint: Paint, width = DEFAULT_WIDTH): Promise<string> {
  const { statements } = ledger;
  const counts = (['holds', 'holds_where', 'fails', 'unknown'] as const).flatMap((verdict) => {
    const count = statements.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${VERDICTS[verdict].toLowerCase()}`];
  });
  const total = `${plural(statements.length, 'statement')}: ${counts.join(', ')}. ${plural(ledger.runs.length, 'evaluation')}.`;
  const lines = width < NARROW ? listed(ledger, paint) : await tabled(ledger, paint, width);
  const trouble = ledger.problems.map(({ file }) => `${paint.red('Not judged:')} ${plainText(file)}, see below`);
  return [...lines, total, ...trouble, page, ''].join('\n');
}

async function tabled(ledger: Ledger, paint: Paint, width: number): Promise<string[]> {
  const room = width - NUMBER_WIDTH - VERDICT_WIDTH - BORDERS;
  const statement = Math.floor(room * 0.45);
  const table = await terminalTable(['', 'Statement', 'Verdict', 'What decides it'], ['left', 'left', 'left', 'left']);
  const { options } = table as unknown as { options: Record<string, unknown> };
  Object.assign(options, { wordWrap: true, colWidths: [NUMBER_WIDTH, statement, VERDICT_WIDTH, room - statement] });
  for (const one of ledger.statements)
    table.push([
      one.number ?? '',
      plainText(one.text),
      [painted(one.verdict, paint), asAssumed(one, ledger.claims[one.claims[0]!]!)].filter(Boolean).join('\n'),
      plainText(decisiveWords(one, ledger.claims[one.claims[0]!]!)),
    ]);
  return [table.toString()];
}

const listed = (ledger: Ledger, paint: Paint): string[] =>
  ledger.statements.flatMap((one) => [
    `${one.number ?? '-'} ${painted(one.verdict, paint)}: ${plainText(one.text)}`,
    `   ${plainText(decisiveWords(one, ledger.claims[one.claims[0]!]!))}`,
  ]);

const painted = (verdict: LedgerStatement['verdict'], paint: Paint): string => {
  const word = VERDICTS[verdict];
  if (verdict === 'holds') return paint.green(word);
  if (verdict === 'fails') return paint.red(word);
  return verdict === 'holds_where' ? paint.yellow(word) : paint.bold(word);
};
