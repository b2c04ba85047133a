/**
 * Claims 1 to 9 of the library, each with its deciding figure worked out a second time, by hand: prices, fees, hours and
 * discounts stand here as numbers; of the project's own arithmetic only the token counts of the traffic are taken.
 */
import { describe, expect, it } from 'vitest';
import { claim, FEE, type Judged, judged, mean, RATE } from './judged.ts';

const GPT_4O = { input: 2.5, output: 10 }; // USD per million tokens, as all prices here
const DEEPSEEK_V3 = { input: 0.27, output: 1.1 };

/** A dollar at the end of each of the first months, worth at the start at 8 % a year. */
const annuity = (months: number): number =>
  Array.from({ length: months }, (_, month) => 1.08 ** (-(month + 1) / 12)).reduce((sum, one) => sum + one, 0);
const YEAR = annuity(12);

const boundary = (one: Judged, id: string) => claim(one, id).region!.boundary;
const figure = (one: Judged, id: string, name: string): number =>
  claim(one, id).evidence.find((evidence) => evidence.name === name)!.value as number;
/** The one change along an input. */
const change = (one: Judged, id: string): number => {
  const found = boundary(one, id);
  expect(found).toHaveLength(1);
  return found[0]!.x;
};

type Price = { readonly input: number; readonly output: number };
/** USD that a mean request costs at list price, by feature or all at one price. */
function usdPerRequest({ evaluation }: Judged, prices: Price | Readonly<Record<string, Price>>): number {
  const { rows } = evaluation.usage;
  const usd = rows.reduce((sum, row) => {
    const price = 'input' in prices ? (prices as Price) : (prices as Record<string, Price>)[row.feature]!;
    return sum + (row.input_tokens * price.input + row.output_tokens * price.output) / 1e6;
  }, 0);
  return usd / rows.reduce((sum, row) => sum + row.requests, 0);
}

describe('C1, one model at low volume', () => {
  it('turns where the hours that direct access takes longer cost as much as a year of fees', async () => {
    const one = await judged('single-model-low-volume');
    expect(claim(one, 'direct-is-cheaper').verdict).toBe('holds');
    const usd = usdPerRequest(one, GPT_4O);
    expect(usd * 50_000).toBeCloseTo(233.2, 1);
    expect(claim(one, 'cheaper-at-published-fees').verdict).toBe('holds');
    expect([0.05, 0.3].map((margin) => Math.round(12 * 50_000 * usd * margin))).toEqual([140, 840]);
    const points = boundary(one, 'direct-is-unequivocally-cheaper');
    expect(points.length).toBeGreaterThan(20);
    for (const { x, y } of points) {
      const fee = Math.max(FEE * usd * y!, 0.8);
      expect((x - 8) * RATE).toBeCloseTo(fee * YEAR, 4);
    }
  });

  it('has a fee of 10 % only where the least fee of 0.80 USD is a tenth of the bill', async () => {
    const one = await judged('single-model-low-volume');
    expect(change(one, 'margin-of-ten-percent')).toBeCloseTo(8 / usdPerRequest(one, GPT_4O), 2);
  });
});

describe('C2, summaries on DeepSeek-V3', () => {
  it('costs 11 % rather than 40 %, and hundreds of dollars at the least of the hours assumed', async () => {
    const one = await judged('claims/summarise-on-deepseek');
    const id = 'forty-percent-of-the-price';
    const ratio = usdPerRequest(one, DEEPSEEK_V3) / usdPerRequest(one, GPT_4O);
    const [moved, stayed] = ['move-direct', 'stay'].map((way) => figure(one, id, `component_usd.${way}.token_charges`));
    expect(moved! / stayed!).toBeCloseTo(ratio, 9);
    expect(ratio).toBeCloseTo(0.1085, 3);
    expect(claim(one, id).verdict).toBe('fails');
    expect(claim(one, 'hundreds-of-dollars').verdict).toBe('holds');
    expect([6 * 70, 24 * 120]).toEqual([420, 2880]);
  });

  it('moves at a gain where a fifth of the quality is worth less than what is saved', async () => {
    const one = await judged('claims/summarise-on-deepseek');
    const saved = usdPerRequest(one, GPT_4O) - usdPerRequest(one, DEEPSEEK_V3);
    // The second integration and its upkeep of half an hour a month, less what DeepSeek gives at signup.
    const effort = RATE * mean(6, 24) + RATE * 0.5 * YEAR - 5 * 1.08 ** (-1 / 12);
    const points = boundary(one, 'move-pays');
    expect(points.length).toBeGreaterThan(20);
    for (const { x, y } of points.slice(1)) expect(x).toBeCloseTo((saved - effort / (y! * YEAR)) / 0.2, 4);
  });
});

describe('C3, failover for a team of three', () => {
  it('is dearer built in the first month by what building takes', async () => {
    const { evaluation, claims } = await judged('mvp-team-of-three');
    const first = (id: string) => evaluation.alternatives.find((one) => one.id === id)!.monthly_usd[0]!;
    const build = mean(24, 64) + mean(8, 24) + mean(8, 32) - mean(4, 16);
    const upkeep = mean(2, 6) + mean(0.5, 2);
    // Beside it the gateway's own outages take some 25 USD a month of engineers' time, its fee and tokens a few.
    expect(Math.abs(first('direct') - first('openrouter') - RATE * (build + upkeep))).toBeLessThan(40);
    for (const told of ['cheaper-within-two-months', 'cheaper-than-building'])
      expect(claims.find(({ id }) => id === told)!.verdict).toBe('holds');
  });

  it('costs thousands from 2,000 USD of hours on', async () => {
    const points = boundary(await judged('mvp-team-of-three'), 'failover-costs-thousands');
    expect(points.length).toBeGreaterThan(10);
    for (const { x, y } of points) expect(x * y!).toBeCloseTo(2000, 3);
  });

  it('is one integration against another beside a client library', async () => {
    const one = await judged('mvp-team-of-three');
    const [lowest] = boundary(one, 'ahead-of-a-library-too');
    expect(lowest!.y).toBe(1000);
    expect((lowest!.x - mean(4, 16)) * RATE).toBeGreaterThan(0);
    expect((lowest!.x - mean(4, 16)) * RATE).toBeLessThan(40);
  });
});

describe('C4, a commitment and a season', () => {
  it('loses to the gateway below its amount over 1.055, in flat months', async () => {
    const one = await judged('claims/commitment-and-season');
    const usd = usdPerRequest(one, GPT_4O);
    for (const [id, markup] of [
      ['gateway-beats-commitment-at-real-fees', FEE],
      ['gateway-beats-unused-commitment', 0.1],
    ] as const) {
      const flat = boundary(one, id).find(({ y }) => Math.abs(y!) < 1e-9)!;
      expect((flat.x * usd * (1 + markup)) / 10_000).toBeCloseTo(1, 6);
    }
    expect(10_000 / 1.055).toBeCloseTo(9_479, 0);
    expect((1_900_000 * usd) / 10_000).toBeCloseTo(0.89, 2);
    expect(claim(one, 'gateway-beats-a-commitment-never-filled').verdict).toBe('holds');
  });

  it('loses in a season up to where the high months make up for the low ones', async () => {
    const one = await judged('claims/commitment-and-season');
    const usd = usdPerRequest(one, GPT_4O);
    const path = 'contracts.openai.discount';
    const discount = one.evaluation.prepared.model.inputs.find((input) => input.path === path)!.central;
    const half = boundary(one, 'season').find(({ y }) => y === 0.5)!;
    // 12 x 1.055 S = 6 x 10,000 + 6 x 1.5 S (1 - d)
    expect((half.x * usd) / (60_000 / (12 * 1.055 - 9 * (1 - discount)))).toBeCloseTo(1, 6);
    // 12 x 1.055 S = 6 x 10,000 + 6 x 2 S (1 - d), where the other half of the year has nothing
    const all = boundary(one, 'season').find(({ y }) => y === 1)!;
    expect((all.x * usd) / (60_000 / (12 * 1.055 - 12 * (1 - discount)))).toBeCloseTo(1, 6);
  });

  it('never makes the gateway cheaper than list price, and pays from its own amount on', async () => {
    const one = await judged('claims/commitment-and-season');
    expect(claim(one, 'gateway-beats-list-price').verdict).toBe('fails');
    const usd = usdPerRequest(one, GPT_4O);
    const points = boundary(one, 'discount-pays-from-the-commitment');
    expect(points.length).toBeGreaterThan(20);
    for (const { x, y } of points) expect((x * usd) / y!).toBeCloseTo(1, 6);
  });
});

describe('C5, a cache of one’s own', () => {
  it('saves its hits of the tokens, and of the whole less its build, upkeep and store', async () => {
    const one = await judged('claims/local-cache');
    expect(change(one, 'tokens-of-common-prompts')).toBeCloseTo(0.4, 8);
    const usd = usdPerRequest(one, GPT_4O);
    const plain = RATE * 8 + RATE * 0.5 * YEAR;
    const cache = RATE * mean(12, 40) + (RATE * mean(0.5, 2) + 15) * YEAR;
    expect(claim(one, 'at-the-shares-of-whole-products').verdict).toBe('fails');
    const points = boundary(one, 'whole-bill');
    expect(points.length).toBeGreaterThan(20);
    for (const { x, y } of points) expect(x).toBeCloseTo(0.4 + (0.4 * plain + cache) / (usd * y! * YEAR), 6);
    for (const { x, y } of boundary(one, 'cache-pays')) expect(x).toBeCloseTo(cache / (usd * y! * YEAR), 6);
  });
});

const CHATBOT = { simple: { input: 0.5, output: 1.5 }, escalation: GPT_4O };
const CHATBOT_AS_WRITTEN = { simple: { input: 2, output: 6 }, escalation: { input: 10, output: 30 } };

describe('C6, days of engineering against a markup of 15 %', () => {
  it('is offset up to the volume of which a year’s markup costs the days', async () => {
    const days = mean(70, 120) * (mean(8, 16) + 2 * mean(8, 12));
    expect(days).toBeCloseTo(2908.7, 0);
    const written = await judged('support-chatbot', 'as-written');
    const at = change(written, 'days-alone-as-written');
    expect((12 * 0.15 * usdPerRequest(written, CHATBOT_AS_WRITTEN) * at) / days).toBeCloseTo(1, 6);
    const listed = await judged('support-chatbot', 'first-year');
    expect(12 * 0.15 * usdPerRequest(listed, CHATBOT) * 95_500).toBeCloseTo(395, 0);
    expect(claim(await judged('support-chatbot'), 'days-offset-at-that-volume').verdict).toBe('holds');
    const points = boundary(listed, 'days-alone');
    expect(points.length).toBeGreaterThan(20);
    for (const { x, y } of points) expect((12 * y! * usdPerRequest(listed, CHATBOT) * x) / days).toBeCloseTo(1, 6);
  });
});

describe('C7, the markup on 100 million tokens', () => {
  it('is 33 USD at list prices, 121 at the article’s, and 300 at none of them', async () => {
    const written = await judged('support-chatbot', 'as-written');
    const id = 'markup-of-300-dollars-as-written';
    const fees = figure(written, id, 'component_usd.gateway-15.gateway_fees') / 12;
    const byHand = 0.15 * 95_500 * usdPerRequest(written, CHATBOT_AS_WRITTEN);
    expect(byHand).toBeCloseTo(121.2, 1);
    // The gateway's own outages lose one request in 2,000, which is not billed.
    expect(fees / byHand).toBeCloseTo(1, 3);
    expect(0.15 * 95_500 * usdPerRequest(written, CHATBOT)).toBeCloseTo(32.95, 2);
    expect(claim(written, id).verdict).toBe('fails');
    const here = await judged('support-chatbot');
    expect(claim(here, 'markup-of-300-dollars').verdict).toBe('fails');
  });
});

describe('C8, five to twenty engineers', () => {
  it('keeps the gateway ahead for six months up to the volume whose fees come to what building takes', async () => {
    const one = await judged('claims/five-to-twenty-engineers');
    const usd = usdPerRequest(one, {
      simple: { input: 0.15, output: 0.6 },
      complex: { input: 3, output: 15 },
    });
    const two = 2 ** (1 + Math.log2(0.9)); // two adapters, Wright
    const capability = mean(24, 64) + 4 * mean(12, 40) + mean(8, 24) + mean(6, 20);
    const build = capability + two * mean(8, 32) - mean(4, 16);
    const upkeep = mean(1, 4) + 4 * mean(0.5, 2) + mean(0.5, 2) + mean(0.25, 1) + mean(0.5, 2);
    const migrations = (2 / 12) * (mean(6, 24) - mean(1, 4));
    const saved = mean(70, 120) * (build + 6 * (upkeep + migrations));
    // Fees, and requests lost in the gateway's own outages that do not come back.
    const lost = 0.000525 * mean(0.01, 0.05) * (1 - 0.387);
    const points = boundary(one, 'first-six-months');
    expect(points.length).toBeGreaterThan(5);
    // Engineers' time in the gateway's own outages, under 1 %, is left out.
    for (const { x, y } of points) expect(Math.abs((6 * x * y! * (FEE * usd + lost)) / saved - 1)).toBeLessThan(0.01);
    const volumes = points.map(({ x, y }) => x * y!);
    expect(Math.max(...volumes) / Math.min(...volumes)).toBeCloseTo(1, 6);
    expect((volumes[0]! * usd) / 67_000).toBeCloseTo(1, 1);
    expect((20 * 200_000 * usd) / 13_800).toBeCloseTo(1, 1);
    expect(claim(one, 'first-six-months-at-usual-spend').verdict).toBe('holds');
    const few = await judged('claims/five-to-twenty-engineers', 'few-needs');
    expect((12 * change(few, 'first-six-months-with-few-needs') * usd) / 10_400).toBeCloseTo(1, 1);
  });
});

describe('C9, starting on a gateway', () => {
  it('puts off a year of upkeep and migrations, pays a year of fees, and changes over', async () => {
    const one = await judged('claims/start-on-a-gateway');
    const total = (id: string) => figure(one, 'not-knowing', `total_usd.${id}`);
    const extraction = one.evaluation.usage.rows.filter(({ feature }) => feature === 'extraction');
    const all = one.evaluation.usage.rows.reduce((sum, { requests }) => sum + requests, 0);
    const usd = extraction.reduce((sum, row) => sum + (row.input_tokens * 2.5 + row.output_tokens * 10) / 1e6, 0) / all;
    const requests = 50_000 * Array.from({ length: 12 }, (_, month) => 1.1 ** month).reduce((sum, m) => sum + m, 0);
    const putOff = 12 * mean(0.5, 2) + 2 * (mean(6, 24) - mean(1, 4));
    const byHand = RATE * (mean(16, 64) - putOff) + FEE * usd * requests;
    // Beside it some dollars of outages of the gateway.
    expect(Math.abs(total('start-then-split') - total('split') - byHand)).toBeLessThan(10);
    expect(claim(one, 'start-then-split-is-best').verdict).toBe('fails');
    expect(claim(one, 'not-knowing').verdict).toBe('holds_where');
  });

  it('is the cheapest in the mean where what both futures cost says so', async () => {
    const one = await judged('claims/start-on-a-gateway');
    const total = (id: string) => figure(one, 'not-knowing', `total_usd.${id}`);
    const idle = (id: string) => figure(one, 'not-knowing', `component_usd.${id}.engineering`);
    const expected = (id: string, kept: string, success: number) => success * total(id) + (1 - success) * idle(kept);
    const started = expected('start-then-split', 'gateway', 0.5);
    const others = ['split', 'gateway', 'direct'].map((id) => expected(id, id, 0.5));
    expect(claim(one, 'not-knowing').here).toBe(started < Math.min(...others) ? 'holds' : 'fails');
    // One adapter, its upkeep and the direct way of migrating, over three years.
    const adapter = mean(8, 32) + 36 * mean(0.5, 2) + 6 * (mean(6, 24) - mean(1, 4));
    expect(idle('split') - idle('gateway')).toBeCloseTo(RATE * adapter, 2);
  });
});
