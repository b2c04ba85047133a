import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that hold a clock against what they do, or speak to servers with time limits: one file at a time, after the rest. */
const WITH_A_CLOCK = [
  'test/router/**/*.test.ts',
  'test/smoke/**/*.test.ts',
  'test/page/**/*.test.ts',
  'test/cli/{open,smoke}.test.ts',
  'test/whatif/speed.test.ts',
  'test/formula/condition.test.ts',
  'test/scenario/formulas.test.ts',
  'test/amount.test.ts',
];
const NOT_HERE = ['test/peers/**', 'node_modules/**'];

export default defineConfig({
  test: {
    globalSetup: ['test/temporary-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { LC_ALL: 'C.UTF-8', TERM: 'xterm' },
    onConsoleLog: (log) => {
      throw new Error(`a test wrote to the console: ${log}`);
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'all cores',
          include: ['test/**/*.test.ts'],
          exclude: [...NOT_HERE, ...WITH_A_CLOCK],
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'one at a time',
          include: WITH_A_CLOCK,
          exclude: NOT_HERE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
