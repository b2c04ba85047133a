/**
 * Commands as people call them, in this process: what they print is caught, nothing is coloured; exit code, spies and environment
 * are put back after each test.
 */
import { Command } from 'commander';
import { afterEach, beforeEach, vi } from 'vitest';

export interface Commands {
  /** Gives what it printed on stdout; what commander refuses and what commands throw is thrown. */
  readonly call: (...args: string[]) => Promise<string>;
  /** On stdout, since the last call began. */
  readonly printed: () => string;
  /** On stderr, since the last call began. */
  readonly told: () => string;
}

/** Call once in a test file or a describe block. */
export function commands(...adders: readonly ((program: Command) => void)[]): Commands {
  const said = { out: '', err: '' };
  beforeEach(() => {
    vi.stubEnv('NO_COLOR', '1');
    for (const [stream, key] of [
      [process.stdout, 'out'],
      [process.stderr, 'err'],
    ] as const)
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        said[key] += String(text);
        return true;
      });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  });
  const call = async (...args: string[]): Promise<string> => {
    said.out = '';
    said.err = '';
    const program = new Command('tollgate');
    for (const add of adders) add(program);
    quieten(program);
    await program.parseAsync(args, { from: 'user' });
    return said.out;
  };
  return { call, printed: () => said.out, told: () => said.err };
}

/** Throws instead of ending the process, and says nothing itself. */
function quieten(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.commands.forEach(quieten);
}
