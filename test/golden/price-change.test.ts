import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateScenario } from '../../src/cli/scenario-report.ts';
import { goldenJson, goldenMarkdown, ROOT } from './library.ts';

const file = join(ROOT, 'scenarios/single-model-low-volume.yaml');
const at = async (...set: string[]) => (await evaluateScenario(file, { set, isQuiet: true })).report;

/** Lines of the second that the first has not. */
const newLines = (before: string, after: string): string[] => {
  const known = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !known.has(line));
};

test('a price that changes shows as some lines of what is kept, the price and the totals among them', async () => {
  const [before, after] = [await at(), await at('prices.openai/gpt-4o={input: 5, output: 10}')];
  const figures = newLines(goldenJson(before), goldenJson(after));
  expect(figures.length).toBeGreaterThan(5);
  expect(figures.length).toBeLessThan(goldenJson(before).split('\n').length / 2);
  expect(figures.join('\n')).toContain('npv_usd');
  const words = newLines(goldenMarkdown(before), goldenMarkdown(after));
  expect(words.length).toBeGreaterThan(3);
  expect(words.length).toBeLessThan(60);
});

test('nothing shows where nothing changed', async () => {
  const [before, after] = [await at(), await at()];
  expect(goldenJson(after)).toBe(goldenJson(before));
  expect(goldenMarkdown(after)).toBe(goldenMarkdown(before));
});
