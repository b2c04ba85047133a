/**
 * `tollgate reconcile <log …> --bill FILE`: what the router logged, priced by the price book, against what was billed for it;
 * the difference, and its parts by cause.
 *
 * Exit codes: 1 where they differ by more than `--tolerance`, 2 for bad input.
 */
import { type Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly bill: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly prices?: string;
  readonly tolerance: number;
  readonly json?: true;
}

export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description('hold what the router logged, at the prices of the price book, against a bill; explain the difference')
    .argument('<log...>', 'log files of `tollgate router`, patterns, or its folder')
    .requiredOption(
      '--bill <file>',
      'bill.jsonl of `tollgate stand-in`, or an export of a seller or gateway with costs',
    )
    .option('--format <name>', 'format of the bill, where the guess is wrong')
    .option('--mapping <file>', 'column mapping of the bill')
    .option('--prices <dir>', "folder of a price book (default: the project's own)")
    .option('--tolerance <percent>', 'most that the two may differ, of what was billed', percentOf, 0.1)
    .option('--json', 'print JSON')
    .action(runReconcile);
}

function percentOf(text: string): number {
  const value = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim())?.[1];
  if (value !== undefined) return Number(value);
  throw new InvalidArgumentError('expected percent from 0 on, such as 0.1');
}

async function runReconcile(logs: readonly string[], flags: Flags): Promise<void> {
  const [{ readPriceBook }, { readRouterLog }, { readBill }, { Prediction }, requests, days] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-router-log.ts'),
    import('../io/read-bill.ts'),
    import('../measurements/predict.ts'),
    import('../measurements/reconcile-requests.ts'),
    import('../measurements/reconcile-days.ts'),
  ]);
  const book = await readPriceBook(flags.prices);
  const prediction = new Prediction(book);
  const attempts = await readRouterLog(logs);
  const bill = await readBill(flags.bill, { format: flags.format, mapping: flags.mapping, prediction });
  const predicted = attempts.map((one) => prediction.of(one));
  const found =
    bill.by === 'request'
      ? requests.reconcileRequests(predicted, bill.charges, (attempt, counts) => prediction.priceOf(attempt, counts))
      : days.reconcileDays(predicted, bill.days, ({ seller, model = '', time_ms }) =>
          prediction.nameOf(seller, model, time_ms),
        );
  const about = {
    log: logs,
    bill: flags.bill,
    simulated: bill.by === 'request' && bill.simulated,
    attempts: attempts.length,
    charges: bill.by === 'request' ? bill.charges.length : bill.days.length,
    unread_charges: bill.by === 'request' ? 0 : bill.unread,
    left_out: bill.by === 'request' ? [] : bill.left_out,
    tolerance_percent: flags.tolerance,
    within: Math.abs(found.relative ?? Number.POSITIVE_INFINITY) <= flags.tolerance / 100,
  };
  if (flags.json) {
    const out = { format: 'tollgate-reconciliation', version: 1, ...about, price_book_sha256: book.digest, ...found };
    process.stdout.write(`${JSON.stringify(out, undefined, 2)}\n`);
  } else {
    const { reconciledInWords } = await import('./reconcile-words.ts');
    process.stdout.write(await reconciledInWords(found, about));
  }
  if (!about.within) process.exitCode = 1;
}
