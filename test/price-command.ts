/** `price …` as people call it, in this process: what it prints is caught, exit codes and spies are put back after each test. */
import { Command } from 'commander';
import { afterEach, beforeEach, vi } from 'vitest';
import { addPriceCommand } from '../src/cli/price.ts';

/** Call once in a test file or a describe block. */
export function priceCommand(): {
  readonly printed: () => string;
  readonly forget: () => void;
  readonly price: (...args: string[]) => Promise<void>;
} {
  let printed = '';
  beforeEach(() => {
    printed = '';
    vi.stubEnv('NO_COLOR', '1');
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  });
  const price = async (...args: string[]): Promise<void> => {
    const program = new Command('tollgate').exitOverride().configureOutput({ writeErr: () => {} });
    addPriceCommand(program);
    for (const command of program.commands[0]?.commands ?? [])
      command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(['price', ...args], { from: 'user' });
  };
  const forget = (): void => {
    printed = '';
  };
  return { printed: () => printed, forget, price };
}
