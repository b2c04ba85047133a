#!/usr/bin/env node
/**
 * The command line. One file per command; each loads what it needs when it runs, so that `--help` stays quick.
 *
 * Exit codes: 0 fine, 1 finished with errors in the data, 2 bad input, 70 a bug.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addBacktestCommand } from './backtest.ts';
import { addCachesCommand } from './caches.ts';
import { addCalibrateCommand } from './calibrate.ts';
import { addClaimsCommand } from './claims.ts';
import { addCompareCommand } from './compare.ts';
import { addInitCommand } from './init.ts';
import { addOpenCommand } from './open.ts';
import { addPriceCommand } from './price.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addReplayCommand } from './replay.ts';
import { addRouterCommand } from './router.ts';
import { addRunCommand } from './run.ts';
import { addSchemaCommand } from './schema.ts';
import { addServeCommand } from './serve.ts';
import { addSmokeCommand } from './smoke.ts';
import { addStandInCommand } from './stand-in.ts';
import { addSweepCommand } from './sweep.ts';
import { addSystemsCommand } from './systems.ts';
import { addTraceCommand } from './trace.ts';

const BAD_INPUT = 2;
const BUG = 70;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const program = new Command('tollgate')
  .description('Is the gateway worth its toll? Replays LLM traffic against dated prices and compares ways of access.')
  .version(version)
  .showSuggestionAfterError()
  .exitOverride();
addInitCommand(program);
addRunCommand(program);
addOpenCommand(program);
addServeCommand(program);
addCompareCommand(program);
addClaimsCommand(program);
addSweepCommand(program);
addCalibrateCommand(program);
addBacktestCommand(program);
addReplayCommand(program);
addCachesCommand(program);
addPriceCommand(program);
addSystemsCommand(program);
addTraceCommand(program);
addRouterCommand(program);
addStandInCommand(program);
addReconcileCommand(program);
addSmokeCommand(program);
addSchemaCommand(program);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await told(error);
}

/** Says what went wrong; gives the exit code. */
async function told(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const { InputError } = await import('../errors.ts');
  if (error instanceof InputError) {
    for (const { path, message } of error.diagnostics) process.stderr.write(`${path}: ${message}\n`);
    return BAD_INPUT;
  }
  process.stderr.write(
    `tollgate failed; this is a bug. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return BUG;
}
