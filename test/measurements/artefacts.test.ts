import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMeasurements } from '../../src/io/read-measurements.ts';
import { writeMeasurements } from '../../src/io/write-measurements.ts';
import { charts } from '../../src/measurements/charts/charts.ts';
import { comparisonOf } from '../../src/measurements/compare.ts';
import type { Measurements } from '../../src/measurements/contract.ts';
import { renderMarkdown } from '../../src/measurements/markdown.ts';
import { substream } from '../../src/random.ts';
import { evidenceOf, figure, findingsOf, HOSTILE, hostile, measured, target } from './setting.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'smoke-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (found: Measurements, name: string) => {
  const out = path.join(folder, name);
  const written = await writeMeasurements(found, out);
  return {
    written,
    out,
    html: await readFile(written.html, 'utf8'),
    md: await readFile(path.join(out, 'smoke.md'), 'utf8'),
  };
};
const markdown = (found: Measurements): string => renderMarkdown(found, comparisonOf(found));

describe('what a run leaves', () => {
  it('is measurements, Markdown, a page and charts, measurements last', async () => {
    const { written, out } = await write(measured(), 'live');
    expect(written.files.map((file) => path.relative(out, file))).toEqual([
      'charts/differences.svg',
      'charts/first-token.svg',
      'charts/total-time.svg',
      'charts/over-time.svg',
      'smoke.md',
      'smoke.html',
      'measurements.json',
    ]);
    expect(await readMeasurements(path.join(out, 'measurements.json'))).toEqual(measured());
    expect((await readdir(out)).sort()).toEqual(['charts', 'measurements.json', 'smoke.html', 'smoke.md']);
  });

  it('tells of characters that PNG charts show as boxes, where PNG is asked for', async () => {
    const named = JSON.parse(JSON.stringify(measured()).replaceAll('openrouter', '门户')) as Measurements;
    expect((await writeMeasurements(named, path.join(folder, 'svg'))).notice).toBeUndefined();
    const { notice } = await writeMeasurements(named, path.join(folder, 'png'), { png: true });
    expect(notice).toMatch(/^The font of the PNG charts lacks characters.*differences \(门 户\)/);
    expect((await writeMeasurements(measured(), path.join(folder, 'plain'), { png: true })).notice).toBeUndefined();
  });

  it('is the same bytes for the same measurements', async () => {
    const [a, b] = [await write(measured(), 'once'), await write(measured(), 'again')];
    expect(b.html).toBe(a.html);
    expect(b.md).toBe(a.md);
  });

  it('says in every file that it is simulated, and live nowhere', async () => {
    const { written, html, md } = await write(measured({ simulated: true }), 'simulated');
    for (const file of written.files) {
      const text = await readFile(file, 'utf8');
      expect(text.slice(0, 4000), file).toMatch(file.endsWith('.json') ? /"simulated": true/ : /simulated/i);
    }
    expect(html).toMatch(/<title>SIMULATED · /);
    expect(html).toMatch(/<h1>SIMULATED · /);
    expect(html).toContain('<p class="banner" role="note">SIMULATED: ');
    expect(md.split('\n')[0]).toMatch(/^# SIMULATED · /);
    expect(`${html}${md}`).not.toMatch(/Live: every answer/);
    const live = await write(measured(), 'not-simulated');
    expect(`${live.html}${live.md}`).not.toMatch(/simulated/i);
  });

  it('says that a partial run is one', async () => {
    const { html, md } = await write(measured({ complete: false }), 'partial');
    for (const text of [html, md]) {
      expect(text).toContain('PARTIAL · Live check of 3 routes');
      expect(text).toContain('PARTIAL: the run was interrupted or reached its cap');
    }
  });

  it('removes charts that it no longer draws, and no other file', async () => {
    const { out } = await write(measured(), 'twice');
    await writeFile(path.join(out, 'charts', 'mine.svg'), '<svg/>');
    await write(measured({ findings: [], evidence: [] }), 'twice');
    expect(await readdir(path.join(out, 'charts'))).toEqual(['mine.svg']);
  });

  it('names a folder that can’t be written', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    await expect(writeMeasurements(measured(), path.join(file, 'out'))).rejects.toThrow(
      "the measurements can't be written here",
    );
  });

  it('holds up with nothing called, one target, one round, and no answer at all', async () => {
    const found = measured();
    const alone = found.targets.slice(0, 1);
    const own = <T extends { readonly target: string }>(all: readonly T[]): T[] =>
      all.filter((one) => one.target === 'direct');
    const silent = found.evidence.map((one) => ({
      ...one,
      status: null,
      end: 'timeout' as const,
      first_token_ms: null,
      total_ms: null,
      counts: null,
      answer: '',
      headers: {},
    }));
    const runs: Measurements[] = [
      { ...found, targets: found.targets.slice(3), findings: [], evidence: [] },
      { ...found, targets: alone, findings: own(found.findings), evidence: own(found.evidence) },
      measured({}, 1),
      { ...found, evidence: silent },
    ];
    for (const [i, one] of runs.entries()) {
      const { html, md } = await write(one, `edge-${i}`);
      expect(`${html}${md}`).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  });

  it('of fifty targets and a hundred rounds stays under 500 kB', async () => {
    const found = measured();
    const ids = Array.from({ length: 50 }, (_, i) => `target-${String(i).padStart(2, '0')}`);
    const evidence = ids.flatMap((id, i) => evidenceOf(id, { hop_ms: i, markup: i / 1000 }, 100, substream(1, id)));
    const findings = ids.flatMap((id) =>
      findingsOf(id, evidence, {
        latency: { figures: Array.from({ length: 7 }, () => figure('first_token_p50_ms', 'ms', 200)) },
        tool_calls: { verdict: 'fail', seen: 'x'.repeat(3000) },
        streaming: { verdict: 'fail', seen: 'y'.repeat(3000) },
      }),
    );
    const { html } = await write(
      { ...found, rounds: 100, targets: ids.map((id, i) => target(id, { is_baseline: i === 0 })), findings, evidence },
      'many',
    );
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
  });
});

describe('the page', () => {
  it('needs no script, no font and no network', async () => {
    const { html } = await write(measured(), 'page');
    expect(html).not.toMatch(/<script|<link|@import|@font-face|url\(http|<img|<iframe|\son\w+=/i);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html.match(/ id="([^"]+)"/g)!.length).toBe(new Set(html.match(/ id="([^"]+)"/g)).size);
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(` id="${id}"`);
  });

  it('keeps hostile text as text', async () => {
    const { html, md, written } = await write(hostile(), 'hostile');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const svgs = await Promise.all(
      written.files.filter((file) => file.endsWith('.svg')).map((file) => readFile(file, 'utf8')),
    );
    for (const text of [html, md, ...svgs]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u2028\u202e]/);
      expect(text).not.toContain('<script');
    }
    expect(md).not.toMatch(/(?<!\\)\[a\]|(?<!\\)`/);
    expect(md).not.toMatch(/^# head/m);
    expect(HOSTILE).toContain('<script>');
  });

  it('shows what was skipped and why, what failed with what was seen, and what was spent', async () => {
    const { html } = await write(measured(), 'shown');
    for (const part of [
      'the environment variable PORTKEY_API_KEY is not set',
      'a wrong key gives 401 without error.type',
      'Rests on 3 exchanges',
      '$0.00713',
      'other shape',
      'openai/gpt-4o-mini<small>read on 2026-11-01, 20 days before the run</small>',
      'Price of openai/gpt-4o-mini: read on 2026-11-01, 20 days before the run',
    ])
      expect(html).toContain(part);
  });
});

describe('Markdown', () => {
  it('has the same number of cells in all rows of a table, hostile text or not', () => {
    for (const text of [markdown(measured()), markdown(hostile())])
      for (const block of text.split('\n\n').filter((one) => one.startsWith('|'))) {
        const cells = block.split('\n').map((row) => row.split(/(?<!\\)\|/).length);
        expect(new Set(cells).size).toBe(1);
      }
  });

  it('of a small run reads like this', () => {
    const found = measured({}, 8);
    const kept = ['direct', 'openrouter'];
    const small = <T extends { readonly target: string; readonly check: string }>(all: readonly T[]): T[] =>
      all.filter(
        (one) =>
          kept.includes(one.target) && ['reachable', 'latency', 'error_shape', 'cost_reported'].includes(one.check),
      );
    expect(
      markdown({
        ...found,
        targets: found.targets.filter(({ id }) => [...kept, 'portkey'].includes(id)),
        findings: small(found.findings),
        evidence: small(found.evidence),
      }),
    ).toMatchInlineSnapshot(`
      "# Live check of 2 routes

      **1 of 2 routes passes what is required.** 2026-11-21 10:00:00 to 10:02:22 UTC · 28 calls · 8 rounds of the checks that compare

      - direct: 3 passed, 1 not supported
      - openrouter: 3 passed, 1 failed; required and not met: error shape

      ## Checks

      | Check | direct (baseline) | openrouter |
      | :-- | :-- | :-- |
      | Reachable (required) | pass | pass |
      | Latency | pass | pass |
      | Error shape (required) | pass | **fail** |
      | Cost reported | – | pass |

      –: not supported: the route or its API has no such thing.

      ## What failed

      - **openrouter**, Error shape (required): a wrong key gives 401 without error.type; expected message, type and code

      ## Differences against direct

      - openrouter costs 5.5% more than the price book says. The calls can’t tell openrouter from direct in time to the first token (−2.7 to 53 ms), time to the whole answer (−34 to 63 ms) and share of failed calls (−36.9 to 36.9 points).

      | What | Route | Difference | 95% interval | Route’s own | That of direct | Samples |  |
      | :-- | :-- | --: | --: | --: | --: | --: | :-- |
      | Time to the first token | openrouter | +35 ms | −2.7 to 53 ms | 249 ms | 212 ms | 8 | can’t be told apart |
      | Time to the whole answer | openrouter | +39 ms | −34 to 63 ms | 716 ms | 691 ms | 8 | can’t be told apart |
      | Share of calls that failed | openrouter | 0 points | −36.9 to 36.9 points | 0% | 0% | 8 | can’t be told apart |
      | Price told, against the price book | openrouter | +5.5% | 5.5% | – | – | 3 |  |

      ## Errors side by side

      | Asked with | direct (baseline) | openrouter |
      | :-- | :-- | :-- |
      | a wrong key | 401 application/json: error.code, error.message, error.param, error.type | 401 application/json: error.code, error.message (**other shape**) |
      | an unknown model | 404 application/json: error.code, error.message, error.param, error.type | 404 application/json: error.code, error.message (**other shape**) |
      | a body that is no JSON | 400 application/json: error.code, error.message, error.param, error.type | 400 application/json: error.code, error.message (**other shape**) |

      ## Routes

      | Route | Kind | Model | Address |  |
      | :-- | :-- | :-- | :-- | :-- |
      | direct | direct | gpt-4o-mini | https://direct.example/v1 | baseline |
      | openrouter | managed gateway | openai/gpt-4o-mini | https://openrouter.example/v1 |  |
      | portkey | managed gateway | gpt-4o-mini | https://portkey.example/v1 | skipped: the environment variable PORTKEY\\_API\\_KEY is not set |

      ## The run

      - 2026-11-21 10:00:00 to 2026-11-21 10:02:22 UTC
      - Tollgate 0.9.0, Node v20.19.0, seed 1
      - Spent $0.00713, at most $0.00913 with calls whose cost is not known, of a cap of $0.50.
      - Costs were computed with price book abababababab… as of 2026-11-21, the day of the run.
      - Price of openai/gpt-4o-mini: read on 2026-11-01, 20 days before the run
      "
    `);
  });
});

describe('charts', () => {
  it('say in words what they show', () => {
    const [differences, first] = charts(comparisonOf(measured()), false);
    expect(differences!.description).toMatch(/Time to the first token: .*openrouter \+\d+ ms \(\d+ to \d+ ms\)/);
    expect(first!.description).toMatch(/direct \(baseline\) median \d+ ms/);
  });

  it('draw a gap where a round has no answer', () => {
    const over = JSON.stringify(charts(comparisonOf(measured()), false)[3]);
    expect(over).toContain('Crosses at the top');
    expect(over).toContain('{"target":"litellm","round":5}');
    expect(over).toMatch(/"target":"litellm","round":6,"ms":[\d.]+,"part":1/);
  });
});
