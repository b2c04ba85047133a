import { describe, expect, test } from 'vitest';
import { renderSvg } from '../../src/io/render-chart.ts';
import { breakEvenSentence, centralBreakEven } from '../../src/report/break-even-words.ts';
import { costDistribution } from '../../src/report/charts/cost-distribution.ts';
import { differenceBand } from '../../src/report/charts/difference-band.ts';
import { tornadoChart } from '../../src/report/charts/tornado.ts';
import { shownBars } from '../../src/report/charts/tornado-marks.ts';
import { type Report, reportContract } from '../../src/report/contract.ts';
import { byWorth, measureNext, perfectSentence } from '../../src/report/driver-words.ts';
import { renderHtml } from '../../src/report/html.ts';
import { knownDifference, knownShare, knownUsd, shareMargin, usdMargin } from '../../src/report/known-digits.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import type { Uncertainty } from '../../src/report/uncertainty-contract.ts';
import {
  costsBetween,
  differenceOf,
  dominanceSentence,
  regretSentence,
  sureSentence,
} from '../../src/report/uncertainty-words.ts';
import { report as certainReport, HOSTILE } from './fixture.ts';
import { DRAWS, MIXED, months, uncertainReport, uncertainty } from './uncertainty-fixture.ts';

const withDraws = (changes: Partial<Uncertainty>, recommendation: Partial<Report['recommendation']> = {}): Report => ({
  ...uncertainReport,
  uncertainty: { ...uncertainty, ...changes },
  recommendation: { ...uncertainReport.recommendation, ...recommendation },
});
const plain = (text: string): string => text;
const colours = { bold: plain, dim: plain, green: plain, yellow: plain };
const terminal = (report: Report): string[] => renderTerminal(report, { colours }).split('\n');
const drawn = (id: string) => uncertainty.strategies.find((s) => s.id === id)!;

test('the fixture keeps the contract', () => {
  expect(reportContract.safeParse(uncertainReport).error).toBeUndefined();
});

describe('digits that are known', () => {
  test.each([
    [35_972, 410, '$36,000'],
    [-35_972, 41, '−$35,970'],
    [1_148_213, 4_355, '$1,148,000'],
    [300, 2_000, '$0'],
    [35_972, 0, '$35,972'],
    [12.34, 0.2, '$12.34'],
    [12.34, 1.2, '$12'],
  ])('%d with a standard error of %d is %s', (value, se, text) => expect(knownUsd(value, se)).toBe(text));

  test('a difference has a sign unless nothing is left of it', () => {
    expect(knownDifference(512, 10)).toBe('+$510');
    expect(knownDifference(-512, 10)).toBe('−$510');
    expect(knownDifference(300, 2_000)).toBe('$0');
  });

  test.each([
    [0.8325, 2_000, '83%'],
    [0.5, 20, '50%'],
    [0.002, 2_000, '0.2%'],
    [0.0005, 2_000, 'under 0.1%'],
    [0.9995, 2_000, 'over 99.9%'],
    [0.998, 60, 'over 99%'],
    [0, 2_000, '0%'],
    [1, 2_000, '100%'],
  ])('a share of %d of %d draws is %s', (share, draws, text) => expect(knownShare(share, draws)).toBe(text));

  test('margins are two standard errors, and nothing where nothing is open', () => {
    expect(usdMargin(410)).toBe('± $800');
    expect(usdMargin(0)).toBe('');
    expect(shareMargin(0.0084)).toBe('± 2 points');
    expect(shareMargin(0.005)).toBe('± 1 point');
    expect(shareMargin(0.004)).toBe('');
  });
});

describe('the sentence after the recommendation', () => {
  test('says how often it is right, who is right else, and between what the difference lies', () => {
    expect(sureSentence(uncertainReport)).toBe(
      `In 83% of 2,000 draws of the uncertain inputs it is the cheapest (litellm in 9%); in 90% of all draws it costs between $76,000 less and $1,000 more than direct.`,
    );
  });

  test('turns the difference round where the baseline is recommended', () => {
    const sentence = sureSentence(withDraws({ best: 'direct' }, { strategy: 'direct', versus: 'openrouter' }));
    expect(differenceOf(uncertainty, 'direct', 'openrouter')!.npv_usd.p5).toBeCloseTo(
      -differenceOf(uncertainty, 'openrouter', 'direct')!.npv_usd.p95,
      9,
    );
    expect(differenceOf(uncertainty, 'direct', 'openrouter')!.cheaper_fraction).toBeCloseTo(0.58, 9);
    expect(sentence).toContain('it costs between $37,000 less and $21,800 more than openrouter');
    expect(sentence).toContain(`${MIXED} is the cheapest more often (83%).`);
  });

  test('the recommended baseline against its rival is no row of its own among differences from the baseline', () => {
    const [first, ...rest] = uncertainty.differences;
    const [month, ...others] = uncertainty.break_even_months;
    const turned = withDraws(
      {
        differences: [{ ...first!, strategy: 'direct', versus: 'openrouter' }, first!, ...rest],
        break_even_months: [{ ...month!, strategy: 'direct', versus: 'openrouter' }, month!, ...others],
      },
      { strategy: 'direct', versus: 'openrouter' },
    );
    const same = withDraws({}, { strategy: 'direct', versus: 'openrouter' });
    expect(differenceBand(turned)).toEqual(differenceBand(same));
    const part = (report: Report): string =>
      renderMarkdown(report).split('## How sure this is')[1]!.split('## What')[0]!;
    expect(part(turned)).toBe(part(same));
    const section = (report: Report): string => {
      const page = renderHtml(report, []);
      const from = page.indexOf('<h3>Difference against');
      return page.slice(from, page.indexOf('<h3>Better whatever'));
    };
    expect(section(turned)).toBe(section(same));
  });

  test('without draws or without a recommendation there is none', () => {
    expect(sureSentence(certainReport)).toBeNull();
    expect(sureSentence(withDraws({}, { strategy: null, versus: null }))).toBeNull();
  });

  test('one strategy alone has a range and no rank', () => {
    const alone = withDraws(
      { strategies: [drawn('direct')], differences: [], best: 'direct' },
      { strategy: 'direct', versus: null },
    );
    expect(sureSentence(alone)).toBe(
      'In 90% of 2,000 draws of the uncertain inputs it costs between $864,000 and $1,501,000; no other strategy is ranked.',
    );
  });

  test('ties, certainty and never being the cheapest are told', () => {
    const as = (changes: Partial<Uncertainty['strategies'][number]>): string =>
      sureSentence(
        withDraws({
          strategies: [
            { ...drawn('direct'), cheapest_fraction: 0 },
            { ...drawn(MIXED), ...changes },
          ],
        }),
      )!;
    expect(as({ cheapest_fraction: 1, cheapest_se: 0 })).toMatch(
      /^In all 2,000 draws of the uncertain inputs it is the cheapest; /,
    );
    expect(as({ cheapest_fraction: 0.6, tied_fraction: 0.4 })).toMatch(
      /^In 60% of 2,000 .* cheapest, and in 40% another costs the same; /,
    );
    expect(as({ cheapest_fraction: 0, tied_fraction: 1 })).toMatch(
      /^In none of 2,000 draws of the uncertain inputs it is the cheapest, and in 100% another costs the same; /,
    );
    expect(as({ cheapest_fraction: 0, tied_fraction: 0 })).toMatch(
      /^In none of 2,000 draws of the uncertain inputs is it the cheapest; /,
    );
  });

  test('few draws are told by their error', () => {
    const few = withDraws({ draws: 50, strategies: [{ ...drawn(MIXED), cheapest_se: 0.053 }, drawn('direct')] });
    expect(sureSentence(few)).toContain('(direct in 5%; ± 11 points, since the draws are few)');
    expect(sureSentence(uncertainReport)).not.toContain('few');
  });

  test('a mean within two standard errors of zero is not settled', () => {
    const [, , mixed] = uncertainty.differences;
    const near = (mean: number) =>
      sureSentence(withDraws({ differences: [{ ...mixed!, npv_usd: { ...mixed!.npv_usd, mean, se: 100 } }] }));
    expect(near(-199)).toContain("Which of it and direct costs less on average can't be told from so many draws.");
    expect(near(-201)).not.toContain('be told');
  });

  test('another least mean is told', () => {
    expect(sureSentence(withDraws({ best: 'litellm' }))).toContain('Averaged over all draws litellm costs least');
    expect(sureSentence(uncertainReport)).not.toContain('Averaged');
  });

  test.each([
    [-4_100, 900, 'between $4,100 less and $900 more'],
    [-4_100, -900, 'between $900 and $4,100 less'],
    [900, 4_100, 'between $900 and $4,100 more'],
    [-4_100, 0, 'between $0 and $4,100 less'],
    [0, 4_100, 'between $0 and $4,100 more'],
    [-4_100, -4_100, '$4,100 less'],
    [0, 0, 'the same'],
  ])('a difference from %d to %d is %s', (low, high, text) => expect(costsBetween(low, high, 0)).toBe(text));
});

describe('dominance, regret, break-even', () => {
  const pair = uncertainty.dominance[0]!;

  test('every draw, every quantile, dislike of risk, neither', () => {
    const say = (changes: Partial<typeof pair>): string => dominanceSentence({ ...pair, ...changes }, DRAWS);
    expect(say({ dominant: 'direct', order: 'first', a_cheaper_fraction: 1 })).toBe(
      'direct is cheaper than openrouter in all 2,000 draws.',
    );
    expect(say({ dominant: 'openrouter', order: 'first', a_cheaper_fraction: 0.1, tie_fraction: 0.2 })).toBe(
      'openrouter is as cheap as direct or cheaper at every quantile of cost, and cheaper in 70% of 2,000 draws: it dominates.',
    );
    expect(say({ dominant: 'direct', order: 'second', a_cheaper_fraction: 0.4 })).toContain(
      'in 40% of 2,000 draws: who dislikes risk prefers it.',
    );
    expect(say({ a_cheaper_fraction: 0.03 })).toBe(
      'openrouter is cheaper than direct in 97% of 2,000 draws, but not at every quantile of cost: it does not dominate.',
    );
    expect(say({ a_cheaper_fraction: 0, tie_fraction: 1 })).toBe(
      'direct and openrouter cost the same in all 2,000 draws.',
    );
  });

  test('regret with its error, none, and none to tell of one strategy', () => {
    expect(regretSentence(uncertainty, MIXED)).toContain('$1,800 (± $100)');
    const sure = { ...uncertainty, strategies: [{ ...drawn(MIXED), regret_usd: 0 }, drawn('direct')] };
    expect(regretSentence(sure, MIXED)).toContain('In no draw does another strategy cost less.');
    expect(regretSentence({ ...uncertainty, strategies: [drawn(MIXED)] }, MIXED)).toBeNull();
    expect(regretSentence(uncertainty, null)).toBeNull();
  });

  test('break-even: a month and its range, never, from the start, half of the draws', () => {
    const say = (first_crossing: ReturnType<typeof months>, lost_again_fraction = 0): string =>
      breakEvenSentence(
        { strategy: 'litellm', versus: 'direct', first_crossing, for_good: first_crossing, lost_again_fraction },
        DRAWS,
      );
    expect(say(months(5, 9, 22, 0.04))).toBe(
      'Break-even of litellm with direct in month 9 (90%: 5 to 22); in 4% of draws never.',
    );
    expect(say(months(5, 9, null, 0.07), 0.02)).toBe(
      'Break-even of litellm with direct in month 9 (90%: 5 to never); in 7% of draws never; in 2% of draws it falls behind again before the horizon ends.',
    );
    expect(say(months(9, 9, 9, 0))).toBe('Break-even of litellm with direct in month 9.');
    expect(say(months(null, null, null, 1))).toBe(
      'litellm never gets cheaper than direct within the horizon, in any draw.',
    );
    expect(say(months(1, 1, 1, 0, 1))).toBe('litellm is cheaper than direct from the start in every draw.');
    expect(say(months(1, 1, 7, 0.01, 0.6))).toBe(
      'litellm is cheaper than direct from the start in 60% of draws, by month 7 in 95%; in 1% of draws never.',
    );
    expect(say(months(17, null, null, 0.93))).toBe('In 93% of draws litellm never gets cheaper than direct.');
  });

  test('the pair of the recommendation is found either way round', () => {
    expect(centralBreakEven(uncertainReport)?.strategy).toBe(MIXED);
    expect(centralBreakEven(withDraws({}, { strategy: 'direct', versus: 'litellm' }))?.strategy).toBe('litellm');
    expect(centralBreakEven(certainReport)).toBeUndefined();
  });
});

describe('what to measure next', () => {
  test('is dearest first, with errors; what is near zero is named without a rank', () => {
    const sentences = measureNext(uncertainty);
    expect(sentences[0]).toBe(
      'Knowing “Requests a month at the start” before deciding is worth at most $900 (± $100).',
    );
    expect(sentences[2]).toContain(
      'Knowing “Hours of full outage a month (pooled)” and “Hours of partial outage a month (pooled)” before deciding',
    );
    expect(sentences[3]).toMatch(/^Not to be told from \$0: “Processor time of a request \(litellm\)” and “value\./);
    expect(sentences).toHaveLength(4);
  });

  test('a value that cross-fitting takes away is not told', () => {
    const value = { inputs: ['a'], value_usd: 100, se: 10, cross_fitted_usd: -1 };
    expect(byWorth({ ...uncertainty, partial_information: [value] }).told).toEqual([]);
    expect(byWorth({ ...uncertainty, partial_information: [{ ...value, cross_fitted_usd: 80 }] }).told).toHaveLength(1);
  });

  test('only the first five are told, and nothing told is said to be so', () => {
    const many = Array.from({ length: 8 }, (_, i) => ({
      inputs: [`input_${i}`],
      value_usd: 900 - i,
      se: 10,
      cross_fitted_usd: 800,
    }));
    expect(measureNext({ ...uncertainty, partial_information: many })).toHaveLength(5);
    const none = many.map((value) => ({ ...value, value_usd: 0, se: 0, cross_fitted_usd: 0 }));
    expect(measureNext({ ...uncertainty, partial_information: none })).toEqual([
      'No single input is worth measuring first: of 8 candidates, none has a value that the draws can tell from $0.',
    ]);
    expect(measureNext({ ...uncertainty, partial_information: [] })).toEqual([]);
  });

  test('perfect information: its bound, nothing to be told, or not asked for', () => {
    expect(perfectSentence(uncertainty)).toContain('at most $1,800 (± $100)');
    const none = { inputs: [], value_usd: 10, se: 9, cross_fitted_usd: 10 };
    expect(perfectSentence({ ...uncertainty, perfect_information: none })).toContain('nothing that the draws can tell');
    expect(perfectSentence({ ...uncertainty, perfect_information: null })).toBeNull();
  });

  test('flips say which strategy takes over on which side', () => {
    const page = renderHtml(uncertainReport, []).replaceAll(/<\/?span[^>]*>/g, '');
    for (const flip of [
      'Requests a month at the start (here 4,000,000 requests/month): direct below 2,100,000 requests/month',
      'Fee on buying credit (openrouter) (here 5.5%): openrouter below 3.42%',
    ])
      expect(page).toContain(`<li>${flip}</li>`);
  });

  test('inputs are named in words, with their paths on hover, in the table of the chart and for --set', () => {
    const path = 'traffic.volume.requests_per_month';
    const chart = { id: 'tornado', title: 'tornado', svg: '<svg/>' };
    const page = renderHtml(uncertainReport, [chart]);
    expect(page).toContain(`<span title="${path}">Requests a month at the start</span>`);
    expect(page).toContain(`Requests a month at the start<small><code>${path}</code></small>`);
    expect(renderMarkdown(uncertainReport)).toMatch(
      /\| Requests a month at the start \|.*\| traffic.volume.requests.*per.*month \|/,
    );
  });
});

describe('the page', () => {
  const charts = ['difference-band', 'cost-distribution', 'tornado'].map((id) => ({
    id,
    title: id,
    svg: `<svg id="${id}"/>`,
  }));
  const page = renderHtml(uncertainReport, charts);

  test('has the sections and their entries only where there are draws', () => {
    const ids = ['how-sure', 'drivers', 'measure-next'];
    const without = renderHtml(certainReport, []);
    for (const id of ids) {
      expect(page).toContain(`href="#${id}"`);
      expect(page).toContain(`<section id="${id}">`);
      expect(without).not.toContain(`"#${id}"`);
      expect(without).not.toContain(`"${id}"`);
    }
    expect(page.split('Numbers behind this chart')).toHaveLength(4);
  });

  test('says how sure it is right after the answer', () => {
    const card = page.slice(page.indexOf('class="answer"'), page.indexOf('<nav'));
    expect(card.indexOf('In 83% of 2,000 draws')).toBeGreaterThan(card.indexOf('$36,000 less'));
    expect(card.indexOf('In 83% of 2,000 draws')).toBeLessThan(card.indexOf('Net present cost at 8%'));
  });

  test('escapes names of strategies and inputs', () => {
    expect(page).toContain('mixed &lt;b&gt;&amp; co&lt;/b&gt; is cheaper than openrouter in all 2,000 draws.');
    expect(page).not.toContain(MIXED);
    expect(page).not.toContain(HOSTILE.script);
  });

  test('leaves out what there is none of', () => {
    const bare = renderHtml(
      withDraws({ tornado: null, sobol: null, perfect_information: null, partial_information: [], dominance: [] }),
      [],
    );
    for (const id of ['drivers', 'measure-next']) expect(bare).not.toContain(`"#${id}"`);
    expect(bare).toContain('id="how-sure"');
    expect(bare).not.toContain('Better whatever happens?');
    expect(bare.slice(bare.indexOf('id="how-sure"'), bare.indexOf('id="strategies"'))).not.toContain('<figure>');
  });

  test('a small Sobol’ index is not told from 0, and those below 1% are counted', () => {
    expect(page).toMatch(
      /Hours of partial outage a month \(pooled\)<\/span><\/th><td class="n">not to be told from 0<small>up to 4%/,
    );
    const { sobol } = uncertainty;
    const tiny = sobol!.indices.map((index) => ({ ...index, total: { value: 0.001, low: 0, high: 0.002 } }));
    expect(renderHtml(withDraws({ sobol: { ...sobol!, indices: tiny } }), [])).toContain(
      'Inputs that explain less than 1% each, even with others: 3.',
    );
  });
});

describe('Markdown and terminal', () => {
  test('Markdown has the three sections, each row as wide as its head, hostile text inert', () => {
    const text = renderMarkdown(uncertainReport);
    for (const title of ['## How sure this is', '## What drives it', '## What to measure next'])
      expect(text).toContain(title);
    for (const block of text.split('\n\n').filter((b) => b.startsWith('|')))
      expect(new Set(block.split('\n').map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
    expect(text).not.toMatch(/<(?!https?:)/);
    expect(renderMarkdown(certainReport)).not.toContain('## How sure');
  });

  test('the terminal gets the sentence, chances, drivers and what to measure', () => {
    const lines = terminal(uncertainReport);
    expect(lines[4]).toMatch(/^How sure {4}In 83% of 2,000 draws/);
    for (const label of ['Drivers', 'Measure']) {
      expect(lines.some((line) => line.startsWith(label))).toBe(true);
      expect(terminal(certainReport).some((line) => line.startsWith(label))).toBe(false);
    }
    expect(lines.some((line) => line.includes('cheapest in'))).toBe(true);
    expect(lines.length).toBeLessThanOrEqual(40);
  });
});

describe('charts', () => {
  const one = withDraws({ differences: uncertainty.differences.slice(2) });

  test('are none without draws', () => {
    for (const chart of [differenceBand, costDistribution, tornadoChart]) expect(chart(certainReport)).toBeNull();
    expect(tornadoChart(withDraws({ tornado: null }))).toBeNull();
    const { tornado } = uncertainty;
    const still = { ...tornado!, bars: tornado!.bars.map((bar) => ({ ...bar, swing_usd: 0 })) };
    expect(tornadoChart(withDraws({ tornado: still }))).toBeNull();
    expect(differenceBand(withDraws({ differences: [] }))).toBeNull();
  });

  test('edge cases compile without a warning', async () => {
    const flat = { p5: [0, 0], p50: [0, 0], p95: [0, 0] };
    const never = { ...uncertainty.break_even_months[1]!, first_crossing: months(null, null, null, 1) };
    const specs = [
      differenceBand(one),
      differenceBand(withDraws({ differences: uncertainty.differences.slice(1), break_even_months: [never] })),
      differenceBand(withDraws({ differences: [{ ...uncertainty.differences[0]!, by_month: flat }] })),
      costDistribution(
        withDraws({
          strategies: [{ ...drawn('direct'), npv_usd: { mean: 5, se: 0, p5: 5, p50: 5, p95: 5, cvar95: 5 } }],
        }),
      ),
      tornadoChart(uncertainReport),
    ];
    for (const spec of specs) expect(await renderSvg(spec!)).toContain('<svg role="img"');
  });

  test('the pair of the recommendation comes first; alone it has the whole width and the title of the chart', () => {
    const all = differenceBand(uncertainReport) as unknown as { concat: { title: { text: string }; width: number }[] };
    expect(all.concat.map(({ title }) => title.text)).toEqual([MIXED, 'openrouter', 'litellm']);
    const alone = differenceBand(one)!;
    expect(alone).not.toHaveProperty('concat');
    expect(alone.title.text).toBe(`How sure the difference between ${MIXED} and direct is`);
    expect(alone.title.subtitle.at(-1)).toBe('Break-even: month 3 (90%: 1 to 22), never in 4%, lost again in 1%.');
  });

  test('a spread that would flatten the others gives each panel its own scale, and says so', () => {
    const [first, ...rest] = uncertainty.differences;
    const wider = (values: readonly number[]): number[] => values.map((value) => 40 * value);
    const { p5, p50, p95 } = first!.by_month;
    const by_month = { p5: wider(p5), p50: wider(p50), p95: wider(p95) };
    const spec = differenceBand(withDraws({ differences: [{ ...first!, by_month }, ...rest] }))!;
    expect(spec.title.subtitle).toContain('Each panel has its own scale.');
    expect(differenceBand(uncertainReport)!.title.subtitle).not.toContain('Each panel has its own scale.');
  });

  test('the tornado leaves out what moves nothing, and marks the flip on the zero line', () => {
    expect(shownBars(uncertainty.tornado!).map(({ path }) => path)).not.toContain('discount_rate');
    const text = JSON.stringify(tornadoChart(uncertainReport));
    expect(text).toContain(
      '"path":"traffic.volume.requests_per_month","usd":0,"text":"direct below 2,100,000 requests/month"',
    );
    expect(text).toContain('P90 $119/hour');
  });
});
