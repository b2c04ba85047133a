import { describe, expect, it } from 'vitest';
import { judgedInWords, planInWords, smokeInWords } from '../../src/cli/smoke-words.ts';
import type { PreparedRun } from '../../src/smoke/prepare-run.ts';
import { HOSTILE, hostile, measured } from './setting.ts';

const WRITTEN = { files: ['out/smoke.md', 'out/smoke.html', 'out/measurements.json'], html: 'out/smoke.html' };
const planned = (
  target: string,
  check: 'reachable' | 'latency' | 'images',
  calls: number,
  most_usd: number | undefined,
) => ({
  target,
  check,
  calls,
  prompt_tokens: calls * 40,
  output_tokens: calls * 64,
  most_usd,
  dearest_usd: (most_usd ?? 0) / calls,
  unpriced: most_usd === undefined ? 'openai/unheard has no price in the book' : undefined,
});
const prepared = (own: Partial<Record<'ready' | 'skipped' | 'plan', unknown>> = {}): PreparedRun =>
  ({
    ready: [{ target: { id: 'direct' } }, { target: { id: 'openrouter' } }],
    skipped: [{ target: { id: 'portkey' }, why: 'the environment variable PORTKEY_API_KEY is not set', plan: [] }],
    plan: [
      planned('direct', 'reachable', 1, 0.00004),
      planned('direct', 'latency', 20, 0.001),
      planned('openrouter', 'reachable', 1, 0.00006),
      planned('openrouter', 'latency', 20, 0.0015),
    ],
    ...own,
  }) as unknown as PreparedRun;
const columns = (text: string, first: string): string[] =>
  text
    .split('\n')
    .find((line) => line.includes(`│ ${first} `))!
    .split('│')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u202e]|\u001b(?!\[\d+m)/;

describe('the plan in words', () => {
  it('tells calls, tokens and the most that they cost, for each route and in all', async () => {
    const text = await planInWords(prepared(), { cap_usd: 0.5, simulated: false });
    expect(columns(text, 'direct')).toEqual(['direct', '2', '21', '840', '1,344', '$0.0011']);
    expect(columns(text, 'all')).toEqual(['all', '4', '42', '1,680', '2,688', '$0.0026']);
    expect(text).toContain('All of it costs at most $0.0026, under the cap of $0.50.');
    expect(text).toContain('Skipped portkey: the environment variable PORTKEY_API_KEY is not set');
    expect(text).not.toContain('SIMULATED');
  });

  it('never rounds the most down, and says where it is above the cap', async () => {
    const plan = [planned('direct', 'latency', 20, 0.50001)];
    const text = await planInWords(prepared({ plan }), { cap_usd: 0.5, simulated: false });
    expect(text).toContain('could cost up to $0.51, more than the cap of $0.50: ');
    expect(text).toContain('--max-usd 0.51 is enough for all.');
    expect(text).not.toContain('can’t be run');
  });

  it('names a check of which one call is above the cap, before anything is sent', async () => {
    const plan = [planned('direct', 'reachable', 1, 0.00004), planned('direct', 'images', 1, 0.7)];
    const text = await planInWords(prepared({ plan }), { cap_usd: 0.5, simulated: false });
    expect(text).toContain('direct: Images can’t be run under this cap: one call costs up to $0.70');
    expect(text).toContain('--max-usd 0.71 is enough for all.');
  });

  it('names a check without a price, and counts it nowhere', async () => {
    const plan = [planned('direct', 'reachable', 1, 0.00004), planned('direct', 'images', 1, undefined)];
    const text = await planInWords(prepared({ plan }), { cap_usd: 0.5, simulated: false });
    expect(columns(text, 'direct')).toEqual(['direct', '1', '1', '40', '64', '$0.00004']);
    expect(text).toContain('direct: Images is not run: openai/unheard has no price in the book');
  });

  it('says what a route that is left out would come to, where all of its chats have a price', async () => {
    const why = 'the environment variable PORTKEY_API_KEY is not set';
    const left = async (most_usd: number | undefined): Promise<string> => {
      const plan = [planned('portkey', 'reachable', 1, most_usd), planned('portkey', 'latency', 20, most_usd)];
      const skipped = [{ target: { id: 'portkey' }, why, plan }];
      return planInWords(prepared({ skipped }), { cap_usd: 0.5, simulated: false });
    };
    expect(await left(0.001)).toContain(`Skipped portkey: ${why}; with it: 21 calls, at most $0.002`);
    expect(await left(undefined)).toContain(`Skipped portkey: ${why}\n`);
  });

  it('says that it is simulated, and that nothing can be called', async () => {
    const text = await planInWords(prepared({ ready: [], plan: [] }), { cap_usd: 0.5, simulated: true });
    expect(text.split('\n')[0]).toContain('SIMULATED');
    expect(text).toContain('Nothing can be called.');
  });
});

describe('progress', () => {
  it('is a line for each check', () => {
    expect(judgedInWords({ id: 'direct' }, 'json_mode', { verdict: 'not_supported', seen: 'no such\nthing' })).toBe(
      'not supported direct, JSON mode: no such thing\n',
    );
  });
});

describe('the end in words', () => {
  it('tells verdicts, differences, failures and files', async () => {
    const text = await smokeInWords(measured(), WRITTEN);
    expect(text).toContain(
      'Oldest price that costs were computed from: openai/gpt-4o-mini: read on 2026-11-01, 20 days before the run.',
    );
    expect(columns(text, 'Error shape *')).toEqual(['Error shape *', 'pass', 'pass', 'FAIL']);
    expect(columns(text, 'Cost reported')).toEqual(['Cost reported', '–', '–', 'pass']);
    expect(text).toMatch(/openrouter adds \d+ ms to the first token \(\d+ to \d+ ms, 95%\)/);
    expect(text).toContain('costs 5.5% more than the price book says.');
    expect(text).toContain('openrouter, Error shape (required): a wrong key gives 401 without error.type');
    expect(text).toContain('portkey: skipped, the environment variable PORTKEY_API_KEY is not set');
    expect(text.trimEnd().split('\n').slice(-2)).toEqual([
      'Page: out/smoke.html',
      'Measurements: out/measurements.json',
    ]);
  });

  it('begins with what a run is that is simulated or partial', async () => {
    const text = await smokeInWords(measured({ simulated: true, complete: false }), WRITTEN);
    expect(text).toMatch(/^[^\n]*SIMULATED: [^\n]*\n\n[^\n]*PARTIAL: /);
  });

  it('lets no control character through', async () => {
    const told = [
      await smokeInWords(hostile(), WRITTEN),
      judgedInWords({ id: HOSTILE }, 'latency', { verdict: 'fail', seen: HOSTILE }),
      await planInWords(
        prepared({
          ready: [{ target: { id: HOSTILE } }],
          skipped: [{ target: { id: HOSTILE }, why: HOSTILE, plan: [] }],
          plan: [planned(HOSTILE, 'images', 1, undefined)],
        }),
        { cap_usd: 1, simulated: false },
      ),
    ];
    for (const text of told) expect(text).not.toMatch(CONTROL);
  });
});
