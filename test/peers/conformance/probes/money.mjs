/** Probes of costs and budgets. Prices are 10 USD in, 1 from the cache and 40 out per million tokens. */
import { chat, errorOf, plural, stream } from '../client.mjs';
import { after, answer, content, DONE, events, json, ROLE, STOP, usageChunk, whole } from '../seller.mjs';
import { seen } from '../verdict.mjs';

const CACHED = {
  prompt_tokens: 10_000,
  completion_tokens: 500,
  total_tokens: 10_500,
  prompt_tokens_details: { cached_tokens: 9000 },
};
/** 1,000 x 10 + 9,000 x 1 + 500 x 40, per million. */
const CACHED_USD = 0.039;
const AT_ONCE = 8;
const BUDGET_USD = 0.05;
/** 0.04 USD at most in answers: a second one would go past the budget. */
const MOST_TOKENS = 1000;
const FULL = { prompt_tokens: 100, completion_tokens: MOST_TOKENS, total_tokens: MOST_TOKENS + 100 };

const near = (value, usd) => Math.abs(Number(value) - usd) < 1e-12;

export default [
  {
    id: 'cached-tokens',
    trap: 10,
    title: '10,000 prompt tokens, 9,000 of them cached',
    requires: 'each token priced once: in header, usage, log and metrics',
    policy: 'costs',
    models: {
      'cached-tokens': (response, call, counts) =>
        call.body.stream === true
          ? events([ROLE, content('Hi'), STOP, usageChunk(CACHED), DONE])(response, call, counts)
          : json(answer('Hi', CACHED))(response),
    },
    async run(t) {
      const whole = await t.ask(chat('cached-tokens'));
      const streamed = await t.ask(stream('cached-tokens', { stream_options: { include_usage: true } }));
      const rows = (await t.log('cached-tokens', 2)) ?? [];
      const usd = whole.headers['x-tollgate-cost-usd'];
      return seen(`${usd} USD`, {
        'in the header': near(usd, CACHED_USD),
        'in the usage': near(JSON.parse(whole.text).usage?.cost, CACHED_USD),
        'in the stream’s usage': near(/"cost":([\d.e-]+)/.exec(streamed.text)?.[1], CACHED_USD),
        'in the log':
          rows.length === 2 && rows.every((row) => near(row.cost_usd, CACHED_USD) && row.cost_status === 'exact'),
        'tokens in the log': rows.every((row) => row.input_tokens === 1000 && row.cache_read_tokens === 9000),
        'in the metrics': near(await t.metric('tollgate_cost_usd_total', { route: 'cached-tokens' }), 2 * CACHED_USD),
      });
    },
  },
  {
    id: 'unpriced',
    trap: 11,
    title: 'A model without a price',
    requires: 'its cost is unknown, not 0: in headers, log and metrics',
    policy: 'costs',
    models: { unpriced: whole('Hi') },
    async run(t) {
      const { status, headers } = await t.ask(chat('unpriced'));
      const [row] = (await t.log('unpriced')) ?? [{}];
      return seen(`${status}, ${headers['x-tollgate-cost-status']}`, {
        'no cost in the headers':
          status === 200 &&
          headers['x-tollgate-cost-status'] === 'unpriced' &&
          headers['x-tollgate-cost-usd'] === undefined,
        'none in the log': row.cost_status === 'unpriced' && row.cost_usd === undefined,
        'counted in the metrics': (await t.metric('tollgate_unpriced_attempts_total', { route: 'unpriced' })) === 1,
      });
    },
  },
  {
    id: 'unpriced-budget',
    trap: 11,
    title: 'A model without a price under a hard budget',
    requires: 'refused: what is not known could be anything',
    policy: 'budget',
    models: { 'unpriced-budget': whole('Hi') },
    async run(t) {
      const answered = await t.ask(chat('unpriced-budget'));
      const { length } = t.seller.of('unpriced-budget').calls;
      return seen(`${answered.status} ${errorOf(answered)?.code}, ${plural(length, 'call')}`, {
        'refused and not asked for': answered.status === 403 && length === 0,
      });
    },
  },
  {
    id: 'budget-race',
    trap: 12,
    title: `${AT_ONCE} requests at once on a budget for one`,
    requires: '1 call, the rest refused; what is spent stays within the budget, nothing stays reserved',
    policy: 'budget',
    models: { 'budget-race': after(400, json(answer('Hi', FULL))) },
    async run(t) {
      const asked = chat('budget-race', { max_tokens: MOST_TOKENS });
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => t.ask(asked)));
      const { length } = t.seller.of('budget-race').calls;
      const refused = answers.filter(({ status }) => status === 429).length;
      const spent = await t.metric('tollgate_budget_usd', { budget: 'day', state: 'spent' });
      const reserved = await t.metric('tollgate_budget_usd', { budget: 'day', state: 'reserved' });
      return seen(`${plural(length, 'call')}, ${refused} refused`, {
        'one answered': length === 1 && answers.filter(({ status }) => status === 200).length === 1,
        'the rest refused': refused === AT_ONCE - 1,
        'spent within the budget': spent > 0 && spent <= BUDGET_USD,
        'nothing reserved': near(reserved, 0),
      });
    },
  },
];
