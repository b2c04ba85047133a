import { describe, expect, test } from 'vitest';
import { addPriceCommand } from '../../src/cli/price.ts';
import { InputError } from '../../src/errors.ts';
import { commands } from '../command.ts';

const { call, printed } = commands(addPriceCommand);
const price = (...args: string[]): Promise<string> => call('price', ...args);
const show = (...args: string[]): Promise<string> => price('show', ...args);

describe('price show with token counts', () => {
  test('prints the charge as JSON with exactly its fields', async () => {
    await show('openai/gpt-4o', '--input', '1000', '--output', '100', '--json');
    const charged = JSON.parse(printed());
    expect(Object.keys(charged)).toEqual([
      'charge_usd',
      'meters',
      'source',
      'as_of',
      'age_days',
      'unpriced',
      'warnings',
    ]);
    expect(charged).toMatchObject({ as_of: '2026-08-21', age_days: 28, unpriced: [], warnings: [] });
    expect(charged.charge_usd).toBeCloseTo(0.0035, 12);
    expect(process.exitCode).toBeUndefined();
  });

  test('prints a table of meters, the total, the source and its age', async () => {
    await show('anthropic/claude-sonnet-4-5', '--input', '250,000', '--output', '1000');
    for (const text of ['Input tokens', '250,000', '22.5', '0.0225', '1.5225', 'genai-prices', '28 days old']) {
      expect(printed()).toContain(text);
    }
  });

  test('takes a service tier, by either flag but not both', async () => {
    await show('openai/gpt-4o', '--input', '1000000', '--batch', '--json');
    expect(JSON.parse(printed()).charge_usd).toBe(1.25);
    await show('openai/gpt-4o', '--input', '1000000', '--tier', 'priority', '--json');
    expect(JSON.parse(printed()).charge_usd).toBe(4.25);
    await expect(show('openai/gpt-4o', '--batch', '--tier', 'flex')).rejects.toThrow('cannot be used with');
  });

  test('a meter without a price makes the charge null and the exit code 1', async () => {
    await show('openai/gpt-4o', '--input', '10', '--cache-write', '5', '--json');
    expect(JSON.parse(printed()).charge_usd).toBeNull();
    expect(JSON.parse(printed()).unpriced).toHaveLength(1);
    expect(process.exitCode).toBe(1);
  });

  test('counts age to the date that is asked about, and warns past 180 days', async () => {
    await show('openai/gpt-4o', '--input', '10', '--at', '2027-08-21', '--json');
    const charged = JSON.parse(printed());
    expect(charged.age_days).toBe(365);
    expect(charged.warnings.map((found: { code: string }) => found.code)).toEqual(['PRICE_STALE']);
  });

  test('applies announced prices only when asked for', async () => {
    const at = ['google/gemini-3.6-flash', '--input', '1000000', '--at', '2027-02-01', '--json'];
    await show(...at);
    expect(JSON.parse(printed()).charge_usd).toBe(0.75);
    await show(...at, '--announced');
    expect(JSON.parse(printed()).charge_usd).toBe(1.5);
  });

  test.each(['-5', '1.5', 'many'])('%s is no count', async (value) => {
    await expect(show('openai/gpt-4o', `--input=${value}`)).rejects.toThrow('is no count');
  });
});

describe('price show without token counts', () => {
  test('prints every period, tier and cliff of the card', async () => {
    await show('openai/gpt-5.6-luna');
    for (const text of [
      'from 2026-07-09 until 2026-07-30',
      'up to 272,000',
      'above 272,000',
      'batch',
      'priority',
      '0.2',
    ]) {
      expect(printed()).toContain(text);
    }
  });

  test('prints the card as JSON', async () => {
    await show('xai/grok-4-0709', '--json');
    expect(JSON.parse(printed())).toMatchObject({ seller: 'xai', model: 'grok-4', age_days: 28 });
  });
});

test('a date that is none is bad input, with or without counts', async () => {
  await expect(show('openai/gpt-4o', '--at', 'today')).rejects.toThrow('"today" is no time');
});

test('an unknown model is bad input, with three nearest names', async () => {
  const failed = await show('openai/gpt-40').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(InputError);
  const [found] = (failed as InputError).diagnostics;
  expect(found).toMatchObject({ code: 'PRICE_UNKNOWN_MODEL', path: 'openai/gpt-40' });
  expect(found?.message).toMatch(/nearest are openai\/gpt-4, openai\/gpt-4o, openai\/gpt-4.1$/);
});
