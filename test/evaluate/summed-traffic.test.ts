import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { backtestTraffic } from '../../src/cli/backtest-traffic.ts';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { buildReport } from '../../src/report/build.ts';
import { reportContract } from '../../src/report/contract.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-summed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const USAGE =
  'usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed';
const COST =
  'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed,api_key_id,api_key_status';
const days = [3, 4, 5, 6, 7, 8].map((day) => `2026-08-0${day}`);
writeFileSync(
  join(folder, 'usage.csv'),
  [
    USAGE,
    ...days.map((day) => `${day},claude-sonnet-4-5-20250929,k,Default,standard,≤ 200k,1000000,0,0,0,100000,0,,`),
  ].join('\n'),
);
writeFileSync(
  join(folder, 'usage-cost.csv'),
  [
    COST,
    ...days
      .slice(0, 5)
      .map((day) => `${day},Claude Sonnet 4.5,Default,k,message,≤ 200k,input_no_cache,5.00,4.50,token,,,id,active`),
  ].join('\n'),
);
writeFileSync(
  join(folder, 'gemini.csv'),
  [
    'time,until,seller,model,requests,input_tokens,output_tokens',
    '2026-08-03T00:00:00Z,2026-08-04T00:00:00Z,google,gemini-2.5-pro,100,9000000,1000',
  ].join('\n'),
);

async function reported(trace: string, more: object = {}) {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    stringify({
      name: 'Summed <traffic>',
      start: '2026-09',
      horizon: 12,
      traffic: { trace, tokens_per_request: 2500, ...more },
      baseline: 'direct',
      strategies: [{ id: 'direct', kind: 'direct' }],
    }),
  );
  const book = await readPriceBook();
  const question = await readScenario(file, [], book);
  const traffic = await readTraffic(question.scenario, file, book);
  const report = buildReport(evaluate(question, traffic.usage, book), book, {
    version: '0',
    inputs: [],
    scenario_hash: 'hash',
    traffic_source: traffic.source,
    rejected: traffic.rejected,
    billed: traffic.billed,
    command: 'none',
    diagnostics: [...traffic.warnings],
  });
  return { report, question, file, book };
}

test('a report from daily sums says what it cannot know, and holds the bill against the days that it covers', async () => {
  const { report } = await reported('usage*.csv');
  expect(reportContract.safeParse(report).success).toBe(true);
  const codes = report.diagnostics.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['SUMMED_TRAFFIC', 'REQUESTS_ESTIMATED', 'TRACE_READ_AS']));
  expect(report.assumptions.find(({ path }) => path === 'traffic.peak_to_mean')?.source).toContain('Azure 2023');
  expect(report.traffic.requests).toBe(6 * 440);
  expect(report.traffic.billed).toMatchObject({
    basis: 'invoiced',
    billed_usd: 25,
    computed_usd: 5 * 4.5,
    unbilled_days: 1,
    models: [
      {
        model: 'anthropic/claude-sonnet-4-5',
        requests: null,
        explanation: 'the same +11.1 % every day: a fee, a markup or a contract rate',
      },
    ],
  });
  const html = renderHtml(report, []);
  expect(html).toContain('Billed against computed');
  expect(html).toContain('the same +11.1 % every day');
  expect(html).not.toContain('<traffic>');
  expect(renderMarkdown(report)).toContain('## Billed against computed');
});

test('sums of prompts that may reach a price step are priced below it, and a warning says so', async () => {
  const { report } = await reported('gemini.csv');
  const step = report.diagnostics.find(({ code }) => code === 'SUMMED_PROMPT_SIZES');
  expect(step).toMatchObject({ severity: 'warning', path: 'google/gemini-2.5-pro' });
  expect(step?.message).toContain('200001 prompt tokens');
});

test('a backtest cuts sums between days: days alike predict each other', async () => {
  const { question, file, book } = await reported('usage.csv');
  const { found, split_at } = await backtestTraffic(question.scenario, file, book, { share: 0.5 });
  expect(split_at).toBe('2026-08-06T00:00:00.000Z');
  if ('unpriced' in found) throw new Error('unpriced');
  expect(found.requests.predicted).toBeCloseTo(found.requests.actual, 9);
  expect(found.cost_usd.predicted).toBeCloseTo(found.cost_usd.actual, 9);
});
