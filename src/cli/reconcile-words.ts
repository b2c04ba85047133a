/** A reconciliation as people read it: the two sums, the difference, its parts by cause with where to look first. */
import type { CausePart, Reconciled } from '../measurements/reconcile-contract.ts';
import { NANO } from '../measurements/reconcile-tally.ts';
import { plainText } from '../report/escape.ts';
import { terminalTable, usd } from './terminal-table.ts';

export interface AboutReconciled {
  readonly bill: string;
  readonly simulated: boolean;
  readonly attempts: number;
  readonly charges: number;
  /** Rows of the bill that are left out since they can't be read. */
  readonly unread_charges: number;
  /** Rows of the bill that are no charge in US dollars. */
  readonly left_out: readonly { readonly reason: string; readonly rows: number }[];
  readonly tolerance_percent: number;
  readonly within: boolean;
}

const inUsd = (nano: number): string => usd(nano / NANO);
const signed = (nano: number): string => `${nano > 0 ? '+' : ''}${inUsd(nano)}`;
const percent = (share: number | null): string =>
  share === null ? 'of nothing billed' : `${share > 0 ? '+' : ''}${Number((share * 100).toPrecision(4))} %`;
const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

export async function reconciledInWords(found: Reconciled, about: AboutReconciled): Promise<string> {
  const { predicted_nano_usd, billed_nano_usd, difference_nano_usd, relative, causes, steady_factors } = found;
  const how = found.by === 'request' ? 'request by request' : 'by model and day (the bill names no requests)';
  const lines = [
    ...(about.simulated ? ['simulated: a stand-in billed this; nothing of it was paid', ''] : []),
    `${plural(about.attempts, 'row')} of the log against ${plural(about.charges, 'charge')} of ${about.bill}, ${how}`,
    ...(about.unread_charges === 0
      ? []
      : [
          `${plural(about.unread_charges, 'row')} of the bill can’t be read and ${about.unread_charges === 1 ? 'is' : 'are'} not in it: tollgate trace inspect ${about.bill}`,
        ]),
    ...about.left_out.map(({ reason, rows }) => `${plural(rows, 'row')} of the bill left out: ${plainText(reason)}`),
    '',
    `predicted    ${inUsd(predicted_nano_usd)} USD`,
    `billed       ${inUsd(billed_nano_usd)} USD`,
    `difference   ${signed(difference_nano_usd)} USD (${percent(relative)}), ${about.within ? 'within' : 'more than'} ${about.tolerance_percent} %`,
    '',
    ...(causes.length === 0 ? ['No cause of a difference was met.'] : [await causeTable(causes)]),
    ...steady_factors.map(
      ({ model, route, factor }) =>
        `${model}${route === null ? '' : ` on ${route}`}: every charge is ${percent(factor - 1)} against list, as a markup or a contract rate is`,
    ),
    ...knownInWords(found),
    ...causes.flatMap(examplesOf),
  ];
  return `${lines.join('\n')}\n`;
}

async function causeTable(causes: readonly CausePart[]): Promise<string> {
  const table = await terminalTable(['Cause', 'Times', 'USD'], ['left', 'right', 'right']);
  for (const { words, count, nano_usd } of causes) table.push([words, count.toLocaleString('en-GB'), signed(nano_usd)]);
  return table.toString();
}

function knownInWords({ known }: Reconciled): string[] {
  if (known === null) return [];
  const { requests, billed_nano_usd, predicted_nano_usd, unequal_requests } = known;
  const equal =
    unequal_requests === 0
      ? 'to the nano-dollar, each'
      : `${plural(unequal_requests, 'request differs', 'requests differ')}`;
  return [
    `Every attempt's state is known of ${plural(requests, 'request')}: predicted ${inUsd(predicted_nano_usd)}, billed ${inUsd(billed_nano_usd)} USD; ${equal}`,
  ];
}

function examplesOf({ cause, examples }: CausePart): string[] {
  if (examples.length === 0) return [];
  return [
    '',
    `${cause}, the first of them:`,
    ...examples.map(
      ({ where, what, billed_nano_usd, predicted_nano_usd }) =>
        `  ${where}: ${what}; predicted ${inUsd(predicted_nano_usd)}, billed ${inUsd(billed_nano_usd)} USD`,
    ),
  ];
}
