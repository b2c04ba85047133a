/**
 * Claims 19 to 28 of the library, each with its deciding figure worked out a second time, by hand: prices, fees and hours stand
 * here as numbers; of the project's own arithmetic only the token counts of the traffic are taken.
 */
import { describe, expect, it } from 'vitest';
import type { JudgedClaim } from '../../src/claims/claims-of.ts';
import { claim, FEE, type Judged, judged, mean, RATE } from './judged.ts';

/** What one dollar at the end of each month from `from` on, up to month `until`, is worth at the start, at 8 % a year. */
const annuity = (until: number, from = 0): number => {
  let worth = 0;
  for (let month = from; month < until; month++) worth += 1.08 ** (-(month + 1) / 12);
  return worth;
};

/** Input and output tokens of a mean request, of a feature or of all. */
function tokens({ evaluation }: Judged, feature?: string): { input: number; output: number } {
  const rows = evaluation.usage.rows.filter((row) => feature === undefined || row.feature === feature);
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const requests = total((row) => row.requests);
  return { input: total((row) => row.input_tokens) / requests, output: total((row) => row.output_tokens) / requests };
}
/** USD a request at prices per million tokens. */
const usd = ({ input, output }: { input: number; output: number }, inputPrice: number, outputPrice: number): number =>
  (input * inputPrice + output * outputPrice) / 1e6;
/** Along one input: where the verdict changes. Over two: the first input's value where it does, at the second's. */
const boundary = (found: JudgedClaim): readonly { x: number; y: number }[] =>
  found.region!.boundary.map(({ x, y }) => ({ x, y: y ?? Number.NaN }));

describe('C19 seven steps against two', () => {
  const [signUp, install, rewrite, errors] = [mean(0.5, 2), mean(0.25, 1), mean(1, 4), mean(0.5, 2)];
  const [billing, deploy, rename] = [mean(0.5, 2), mean(0.25, 1), mean(0.1, 0.5)];

  it('takes two sevenths only where the work that is spared is two and a half times the test', async () => {
    const found = claim(await judged('claims/change-model-several-times-a-year', 'counted'), 'two-sevenths-with-tests');
    expect(found.verdict).toBe('holds_where');
    // 7 (rename + deploy + test) = 2 (all seven), solved for the test
    const others = signUp + install + errors + billing + deploy;
    for (const { x, y } of boundary(found)) expect(x).toBeCloseTo((2 * (others + y) - 7 * (rename + deploy)) / 5, 6);
    // To an API that is the same nothing but signing up and billing is spared: 7 (0.8 + test) = 2 (3.0 + test) has no test above 1.
    const same = claim(
      await judged('claims/change-model-several-times-a-year', 'compatible-api'),
      'two-sevenths-to-deepseek',
    );
    expect(same.verdict).toBe('fails');
    expect((2 * (signUp + 2 + deploy + rename) - 7 * (rename + deploy)) / 5).toBeLessThan(1);
    const asListed = await judged('claims/change-model-several-times-a-year');
    expect(claim(asListed, 'seven-steps-against-two').verdict).toBe('holds');
  });

  it.each([
    ['counted', 'saved-work-pays-the-fee', signUp + billing + install + rewrite + errors - rename],
    ['compatible-api', 'saved-work-with-a-compatible-api', signUp + billing],
  ])('%s: pays for the gateway where changes a year x hours spared pass the fee', async (variant, id, spared) => {
    const run = await judged('claims/change-model-several-times-a-year', variant);
    const perRequest = usd(tokens(run), 2.5, 15);
    const found = boundary(claim(run, id)).filter(({ y }) => y > 20_000); // below, the fee's minimum of 0.80 USD counts
    expect(found.length).toBeGreaterThan(3);
    for (const { x, y } of found) expect(x).toBeCloseTo((12 * FEE * perRequest * y) / (spared * RATE), 6);
  });
});

describe('C20 one need or two', () => {
  it('has its limit where the monthly fee is what a need costs a month', async () => {
    const run = await judged('claims/one-need-or-two');
    const perRequest = usd(tokens(run), 2.5, 10);
    const build = (mean(24, 64) + mean(12, 40) + mean(8, 24) + mean(6, 20) + mean(12, 40)) / 5;
    const need = (build + mean(0.5, 2) * annuity(24)) * RATE;
    for (const id of ['below-two-by-volume', 'two-or-more-gateway']) {
      const found = claim(run, id);
      expect(found.verdict).toBe('holds_where');
      for (const { x, y } of boundary(found).filter((point) => point.y > 20_000))
        expect(x).toBeCloseTo((FEE * perRequest * y * annuity(24)) / need, 6);
    }
    expect((FEE * perRequest * 751_000 * annuity(24)) / need).toBeCloseTo(1, 2);
    // One's own gateway at its least upkeep against five needs built.
    const own = (mean(80, 160) + 2 * annuity(24)) * RATE + (2 * mean(50, 200) + mean(100, 400)) * annuity(24);
    expect(own).toBeGreaterThan(5 * need);
    expect(claim(run, 'own-gateway').verdict).toBe('fails');
  });

  it('is not what matters where the needs are those that a client library brings', async () => {
    expect(claim(await judged('claims/one-need-or-two', 'retries-and-fallback'), 'library-suffices').verdict).toBe(
      'fails',
    );
  });
});

describe('C21 a gateway alone', () => {
  it('lowers no bill at a fee of 0 or more, and with a rule as soon as the saving passes the hours', async () => {
    const run = await judged('claims/a-gateway-alone');
    expect(claim(run, 'gateway-alone-saves-nothing').verdict).toBe('holds');
    const [simple, difficult] = [tokens(run, 'simple'), tokens(run, 'difficult')];
    const rows = run.evaluation.usage.rows;
    const requests = rows.reduce((sum, row) => sum + row.requests, 0);
    const share =
      rows.filter(({ feature }) => feature === 'simple').reduce((sum, row) => sum + row.requests, 0) / requests;
    const direct = share * usd(simple, 2.5, 10) + (1 - share) * usd(difficult, 2.5, 10);
    const routed = (share * usd(simple, 0.15, 0.6) + (1 - share) * usd(difficult, 2.5, 10)) * (1 + FEE);
    const found = boundary(claim(run, 'policies-lower-it'));
    expect(found.length).toBeGreaterThan(3);
    for (const { x, y } of found) expect(x / ((y * RATE) / (direct - routed))).toBeCloseTo(1, 6);
  });

  it('lowers the bill by itself where it resells further below than fee / (1 + fee)', async () => {
    const found = claim(await judged('claims/a-gateway-alone'), 'pooled-prices');
    expect(boundary(found)[0]!.x).toBeCloseTo(-FEE / (1 + FEE), 6);
  });
});

describe('C22 faster answers and churn', () => {
  it('outweigh cents per million tokens where worth x share lost per 100 ms passes them', async () => {
    const found = claim(await judged('claims/faster-answers-and-churn'), 'revenue-outweighs-cents');
    expect(found.verdict).toBe('holds_where');
    // worth x churn x 50 / 100 = 1,125 tokens at 0.05 USD per million
    for (const { x, y } of boundary(found)) expect(x * y).toBeCloseTo((1125 * 0.05) / 1e6 / 0.5, 10);
  });

  it('outweigh the fee of a gateway only where its hop is negative', async () => {
    const run = await judged('claims/faster-answers-and-churn');
    const fee = FEE * usd(tokens(run), 0.15, 0.6);
    const found = boundary(claim(run, 'faster-or-slower'));
    expect(found.length).toBeGreaterThan(3);
    for (const { x, y } of found) {
      expect(x).toBeLessThan(0);
      expect((-x / 100) * mean(0.001, 0.05) * y).toBeCloseTo(fee, 9);
    }
  });
});

describe('C23 direct first, then a gateway', () => {
  it.each([
    [undefined, 'direct-first-by-volume', 12],
    ['needs-at-3-months', 'early-needs', 3],
    ['needs-at-18-months', 'late-needs', 18],
  ] as const)('%s: is ahead where the fees until then pass the hours', async (variant, id, months) => {
    const run = await judged('claims/direct-first-then-gateway', variant);
    const perRequest = usd(tokens(run), 2.5, 10);
    const later = 1.08 ** (-months / 12); // what begins with a later phase is paid at the beginning of its first month
    const volume = (abstraction: number): number =>
      ((mean(8, 32) + abstraction - mean(4, 16) * (1 - later) + mean(4, 16) * later) * RATE) /
      (FEE * perRequest * annuity(months));
    const found = boundary(claim(run, id));
    expect(found.length).toBeGreaterThan(0);
    for (const { x, y } of found) expect(x / volume(Number.isNaN(y) ? mean(4, 24) : y)).toBeCloseTo(1, 4);
  });
});

describe('C24 managed first, then self-hosted', () => {
  it.each([
    [undefined, 'managed-by-spend', FEE],
    ['residency', 'residency-is-sold', 0.08],
  ] as const)(
    '%s: is decided where the fee passes machines and hours of a gateway of one’s own',
    async (variant, id, fee) => {
      const run = await judged('claims/managed-first-then-self-hosted', variant);
      const perRequest = usd(tokens(run), 2.5, 10);
      const own = (upkeep: number): number =>
        (mean(80, 160) + upkeep * annuity(24)) * RATE + (2 * mean(50, 200) + mean(100, 400)) * annuity(24);
      const found = boundary(claim(run, id));
      expect(found.length).toBeGreaterThan(3);
      for (const { x, y } of found) expect(x / (own(y) / (fee * perRequest * annuity(24)))).toBeCloseTo(1, 6);
    },
  );

  it('leads to building four needs rather than to a gateway of one’s own, at its least upkeep too', async () => {
    const build = mean(24, 64) + mean(12, 40) + mean(8, 24) + mean(6, 20);
    const upkeep = mean(1, 4) + 2 * mean(0.5, 2) + mean(0.25, 1);
    const built = (build + upkeep * annuity(24)) * RATE;
    const own = (mean(80, 160) + 2 * annuity(24)) * RATE + (2 * mean(50, 200) + mean(100, 400)) * annuity(24);
    expect(own).toBeGreaterThan(built);
    const run = await judged('claims/managed-first-then-self-hosted');
    expect(claim(run, 'own-gateway-or-none').verdict).toBe('fails');
    const direct = run.evaluation.alternatives.find(({ id }) => id === 'direct')!;
    const tokensOnly = 304_000 * usd(tokens(run), 2.5, 10) * annuity(24);
    expect(direct.npv_usd).toBeCloseTo(tokensOnly + built + (8 + 0.5 * annuity(24)) * RATE, 4);
  });

  it('leaves direct access as the cheapest where no managed gateway keeps data in the region', async () => {
    const run = await judged('claims/managed-first-then-self-hosted', 'residency-as-told');
    expect(claim(run, 'residency-as-told').verdict).toBe('fails');
    expect(run.evaluation.recommendation?.strategy).toBe('direct');
  });
});

describe('C25 pooled prices', () => {
  it('lower the bill where the listing lies further below than fee / (1 + fee)', async () => {
    const run = await judged('claims/pooled-prices');
    const found = boundary(claim(run, 'below-after-the-fee')).filter(({ y }) => y > 0.02); // below, the minimum fee counts
    expect(found.length).toBeGreaterThan(3);
    for (const { x, y } of found) expect(x).toBeCloseTo(-y / (1 + y), 6);
    expect(claim(run, 'slightly-below').verdict).toBe('fails');
    expect(claim(run, 'as-listed').verdict).toBe('fails');
  });

  it('are 52.75 % of the seller’s where the listing is half of them', async () => {
    const run = await judged('claims/pooled-prices', 'half-price');
    const [charges, fees, direct] = claim(run, 'half-price-model').evidence.map(({ value }) => Number(value));
    expect((charges! + fees!) / direct!).toBeCloseTo(0.5 * (1 + FEE), 6);
  });
});

describe('C26 an enterprise with contracts', () => {
  it('is cheaper directly than on own keys only where the fee on them passes the team’s hours', async () => {
    const run = await judged('claims/enterprise-with-contracts');
    expect(claim(run, 'direct-almost-always').verdict).toBe('holds');
    const [chat, documents] = [tokens(run, 'chat'), tokens(run, 'documents')];
    const rows = run.evaluation.usage.rows;
    const total = rows.reduce((sum, row) => sum + row.requests, 0);
    const share = rows.filter(({ feature }) => feature === 'chat').reduce((sum, row) => sum + row.requests, 0) / total;
    const list = 5e6 * (share * usd(chat, 2.5, 10) + (1 - share) * usd(documents, 3, 15));
    // Two connections are kept up directly and one to the gateway, which has to be brought in.
    const connection = mean(8, 40) - 0.5 * annuity(24);
    const found = boundary(claim(run, 'against-own-keys'));
    expect(found.length).toBeGreaterThan(3);
    for (const { x } of found.filter(({ y }) => y === 0)) expect(x).toBeCloseTo(connection / annuity(24), 6);
    for (const { x, y } of found.filter((point) => point.y > 0))
      expect(((x - connection / annuity(24)) * RATE) / (y * list)).toBeCloseTo(1, 6);
  });
});

describe('C26 beside a gateway of one’s own', () => {
  it('is cheaper directly while the team’s hours cost less than machines, set-up and upkeep of LiteLLM', async () => {
    const run = await judged('claims/enterprise-with-contracts');
    const found = claim(run, 'contracts-and-residency-kept');
    const machines = 2 * mean(50, 200) + mean(100, 400);
    const worth = annuity(24);
    for (const { x, y } of boundary(found)) {
      const own = (mean(80, 160) + y * worth) * RATE + machines * worth;
      expect(Math.abs((x * RATE * worth) / own - 1)).toBeLessThan(0.15); // beside it connections, to two sellers or one gateway
    }
  });
});

describe('C27 classification on GLM Flash', () => {
  it('is practically free', async () => {
    const run = await judged('claims/classify-on-glm-flash');
    const { input, output } = tokens(run);
    const perMillion = ((input + output) * 0.01 * 1e6) / 1e6;
    const found = claim(run, 'practically-free');
    expect(Number(found.evidence[0]!.value)).toBeCloseTo(12 * perMillion, 6);
    expect(perMillion).toBeLessThan(10);
    expect(perMillion * 100).toBeLessThan(usd({ input, output }, 2.5, 15) * 1e6);
    expect(found.verdict).toBe('holds');
    const listed = claim(
      await judged('claims/classify-on-glm-flash', 'as-listed'),
      'practically-free-at-listed-prices',
    );
    expect(listed.verdict).toBe('holds');
    expect(perMillion * 1.4).toBeLessThan(10);
  });

  it.each([
    ['carries-in-place-of-nano', 0.1, 0.4],
    ['carries-in-place-of-premium', 2.5, 15],
  ])('%s: where further errors cost less than the tokens saved', async (id, inputPrice, outputPrice) => {
    const run = await judged('claims/classify-on-glm-flash', 'as-listed');
    const saved = usd(tokens(run), inputPrice, outputPrice) - usd(tokens(run), 0.014, 0.014);
    const found = boundary(claim(run, id));
    expect(found.length).toBeGreaterThan(3);
    for (const { x, y } of found) expect((x * y) / 100 / saved).toBeCloseTo(1, 6);
  });
});

describe('C28 edge nodes', () => {
  it('are ahead where two round trips spared, times the share that connects anew, pass the overhead', async () => {
    const run = await judged('claims/edge-nodes-for-distant-users');
    const [overhead, node] = [mean(15, 60), mean(5, 40)];
    const negative = claim(run, 'negative-hop');
    expect(Number(negative.evidence[0]!.value)).toBeCloseTo(overhead - 2 * (mean(140, 200) - node), 6);
    for (const { x, y } of boundary(negative)) expect(x).toBeCloseTo(2 * (y - node), 6);
    for (const { x, y } of boundary(claim(run, 'negative-hop-by-connections')))
      expect(x).toBeCloseTo(overhead / (2 * (y - node)), 6);
  });

  it('do little for servers, and let answers begin sooner where half of the callers are distant', async () => {
    const servers = claim(await judged('claims/edge-nodes-for-distant-users', 'servers'), 'servers-gain-nothing');
    for (const { x, y } of boundary(servers)) expect(x).toBeCloseTo(0.04 * (y - mean(5, 40)), 6);
    const replayed = claim(await judged('claims/edge-nodes-for-distant-users', 'replayed'), 'replayed-first-token');
    expect(replayed.verdict).toBe('holds');
    const [edge, direct] = replayed.evidence.map(({ value }) => Number(value));
    // No request can gain more than a hop of some -118 ms is long at its far end, nor lose what a near one adds.
    expect(direct! - edge!).toBeGreaterThan(0);
    expect(direct! - edge!).toBeLessThan(160);
  });
});
