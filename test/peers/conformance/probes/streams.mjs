/** Probes of streams: where they break, what they carry, what is known of their usage. */
import { ended, endedStream, hasError, plural, stream } from '../client.mjs';
import { content, DONE, error, events, json, ROLE, STOP, USAGE, usageChunk, whole } from '../seller.mjs';
import { seen } from '../verdict.mjs';

const HEL = content('Hel');
const EVENT = `data: ${JSON.stringify(error('server_error'))}\n\n`;
const BYTES = Buffer.from([ROLE, content('żółć 日本語 👩‍🚀'), STOP, DONE].join(''));
const CACHED = { ...USAGE, prompt_tokens_details: { cached_tokens: 800 } };
const COMMENTS = [
  ': waiting\n\n',
  ROLE.replaceAll('\n', '\r\n'),
  ': still waiting\n\n',
  'id: 7\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk",\ndata: "choices":[{"index":0,"delta":{"content":"a"}}]}\n\n',
  STOP,
  DONE,
];

/** First seller and spare of a probe of fallbacks. */
export const pair = (id, first) => ({ [`${id}-first`]: first, [`${id}-spare`]: whole('spare') });
export const callsOf = ({ seller }, id) => [`${id}-first`, `${id}-spare`].map((model) => seller.of(model).calls.length);

const onSpare = (id) => async (t) => {
  const answer = await t.ask(stream(id));
  const [first, spare] = callsOf(t, id);
  const log = await t.log(id, 2);
  return seen(`${endedStream(answer)}; first ${plural(first, 'call')}, spare ${spare}`, {
    'one whole answer, by the spare':
      answer.end === 'whole' && answer.text === [ROLE, content('spare'), STOP, DONE].join(''),
    'one call each': first === 1 && spare === 1,
    'the log tells both attempts': log === undefined || (log.length === 2 && log[0].outcome !== 'answered'),
  });
};

export default [
  {
    id: 'cut-after-content',
    trap: 1,
    title: 'With a spare seller, the first breaks off after its first words',
    requires: 'the spare is not asked: the client has part of an answer already',
    policy: 'fallback',
    models: pair('cut-after-content', events([ROLE, HEL, 30], 'cut')),
    async run(t) {
      const answer = await t.ask(stream('cut-after-content'));
      const [first, spare] = callsOf(t, 'cut-after-content');
      const [row] = (await t.log('cut-after-content')) ?? [{ outcome: 'truncated' }];
      return seen(
        `first ${plural(first, 'call')}, spare ${spare}; its words ${answer.text.includes('spare') ? 'reached' : 'did not reach'} the client`,
        {
          'no second seller': first === 1 && spare === 0 && !answer.text.includes('spare'),
          'logged as truncated': row.outcome === 'truncated',
        },
      );
    },
  },
  {
    id: 'cut-before-content',
    trap: 1,
    title: 'With a spare seller, the first breaks off before its first words',
    requires: 'the spare answers, and the client sees one whole answer',
    policy: 'fallback',
    models: pair('cut-before-content', events([ROLE, 30], 'cut')),
    run: onSpare('cut-before-content'),
  },
  {
    id: 'cut-mid-stream',
    trap: 2,
    title: 'The seller’s connection is cut in mid-stream',
    requires: 'no clean end; logged as truncated',
    models: { 'cut-mid-stream': events([ROLE, HEL, 30], 'cut') },
    run: truncated('cut-mid-stream'),
  },
  {
    id: 'ends-early',
    trap: 2,
    title: 'A stream ends without a finish reason and without [DONE]',
    requires: 'no clean end that looks whole: an error event, a broken connection; logged as truncated',
    reads: true,
    models: { 'ends-early': events([ROLE, HEL]) },
    run: truncated('ends-early'),
  },
  {
    id: 'error-first',
    trap: 3,
    title: 'With a spare seller, the first sends an error as the first event of a 200',
    requires: 'the spare answers, and the client sees one whole answer',
    policy: 'fallback',
    models: pair('error-first', events([EVENT])),
    run: onSpare('error-first'),
  },
  {
    id: 'error-in-200',
    trap: 3,
    title: 'With a spare seller, the first answers 200 with an error object',
    requires: 'the spare answers',
    policy: 'fallback',
    models: pair('error-in-200', json(error('server_error'))),
    async run(t) {
      const answer = await t.ask({ ...stream('error-in-200'), stream: false });
      const [first, spare] = callsOf(t, 'error-in-200');
      return seen(
        `${answer.status}${answer.text.includes('"error"') ? ' with the error inside' : ''}; first ${plural(first, 'call')}, spare ${spare}`,
        {
          'answered by the spare': answer.status === 200 && answer.text.includes('spare') && first === 1 && spare === 1,
        },
      );
    },
  },
  {
    id: 'null-in-200',
    trap: 3,
    title: 'The seller answers 200 with the body `null`',
    requires: 'an error, not a success',
    reads: true,
    models: { 'null-in-200': json('null') },
    async run(t) {
      const answer = await t.ask({ ...stream('null-in-200'), stream: false });
      const [row] = (await t.log('null-in-200')) ?? [{ outcome: 'server_error', billing: 'unknown' }];
      return seen(`${answer.status}${answer.text === 'null' ? ' with `null`' : ''}`, {
        'a status of 500 or more': answer.status >= 500,
        'logged as a failure that may be billed': row.outcome === 'server_error' && row.billing === 'unknown',
      });
    },
  },
  {
    id: 'error-late',
    trap: 3,
    title: 'An error event in mid-stream',
    requires: 'reaches the client as it came; not logged as answered',
    models: { 'error-late': events([ROLE, HEL, EVENT]) },
    async run(t) {
      const answer = await t.ask(stream('error-late'));
      const [row] = (await t.log('error-late')) ?? [{ outcome: 'truncated' }];
      return seen(hasError(answer) ? 'passed on' : 'not passed on', {
        'the event reached the client': answer.text.startsWith(ROLE + HEL + EVENT),
        'logged as truncated': row.outcome === 'truncated',
      });
    },
  },
  {
    id: 'split-bytes',
    trap: 19,
    title: 'Characters of several bytes, sent byte by byte',
    requires: 'the same bytes at the client',
    models: { 'split-bytes': events([...BYTES].map((byte) => Buffer.from([byte]))) },
    async run(t) {
      const answer = await t.ask(stream('split-bytes'));
      return seen(answer.bytes.equals(BYTES) ? 'the same bytes' : 'other bytes', {
        'the same bytes': answer.bytes.equals(BYTES) && answer.end === 'whole',
      });
    },
  },
  {
    id: 'comments',
    trap: 20,
    title: 'Comments, CRLF, an event of two data lines',
    requires: 'the same bytes at the client; the stream is read right',
    models: { comments: events(COMMENTS) },
    async run(t) {
      const answer = await t.ask(stream('comments'));
      const [row] = (await t.log('comments')) ?? [{ outcome: 'answered' }];
      const isSame = answer.text === COMMENTS.join('');
      const comments = answer.text.match(/^: /gm)?.length ?? 0;
      return seen(isSame ? 'the same bytes' : `${comments} of 2 comments, other bytes; ${endedStream(answer)}`, {
        'the same bytes': isSame && answer.end === 'whole',
        'logged as answered': row.outcome === 'answered',
      });
    },
  },
  {
    id: 'usage-asked',
    trap: 8,
    title: 'The client asks for a stream’s usage, some of it cached',
    requires: 'the usage chunk reaches it with all its counts',
    models: { 'usage-asked': events([ROLE, HEL, STOP, usageChunk(CACHED), DONE]) },
    async run(t) {
      const answer = await t.ask(stream('usage-asked', { stream_options: { include_usage: true } }));
      const usage = usageIn(answer);
      const cached = usage?.prompt_tokens_details?.cached_tokens;
      return seen(usage === undefined ? 'no usage' : `usage with ${cached ?? 'no'} cached tokens`, {
        'all counts': JSON.stringify({ ...usage, cost: undefined }) === JSON.stringify(CACHED),
      });
    },
  },
  {
    id: 'usage-not-asked',
    trap: 8,
    title: 'The client does not ask for a stream’s usage',
    requires: 'the gateway asks for it, keeps it, and withholds the chunk from the client',
    policy: 'costs',
    lookAnyway: true,
    models: {
      'usage-not-asked': (response, call, counts) => {
        const isAsked = call.body.stream_options?.include_usage === true;
        return events([ROLE, HEL, STOP, ...(isAsked ? [usageChunk()] : []), DONE])(response, call, counts);
      },
    },
    async run(t) {
      const answer = await t.ask(stream('usage-not-asked'));
      const [row] = (await t.log('usage-not-asked')) ?? [{}];
      const [call] = t.seller.of('usage-not-asked').calls;
      const isAsked = call?.body.stream_options?.include_usage === true;
      return seen(
        `${isAsked ? 'asked for' : 'not asked for'}; the client saw ${usageIn(answer) === undefined ? 'none' : 'it'}`,
        {
          'asked of the seller': isAsked,
          'withheld from the client': answer.text === [ROLE, HEL, STOP, DONE].join(''),
          'logged with its counts':
            row.input_tokens === 1000 && row.output_tokens === 200 && row.cost_status === 'exact',
        },
      );
    },
  },
  {
    id: 'usage-absent',
    trap: 8,
    title: 'The seller reports no usage',
    requires: 'an estimate that says so, never 0',
    policy: 'costs',
    models: { 'usage-absent': events([ROLE, content('x'.repeat(300)), STOP, DONE]) },
    async run(t) {
      await t.ask(stream('usage-absent'));
      const [row] = (await t.log('usage-absent')) ?? [{}];
      return seen(`logged as ${row.cost_status}, ${row.cost_usd > 0 ? 'above 0 USD' : 'no cost'}`, {
        estimated: row.cost_status === 'estimated' && row.cost_usd > 0 && row.output_tokens > 0,
        'and so are the metrics':
          (await t.metric('tollgate_cost_usd_total', { route: 'usage-absent', status: 'estimated' })) > 0,
      });
    },
  },
  {
    id: 'stall-mid-stream',
    trap: 15,
    title: 'The seller stalls in mid-stream and keeps the connection',
    requires: 'the client is told in time, the seller’s connection is closed, logged as truncated',
    models: { 'stall-mid-stream': events([ROLE, HEL], 'stall') },
    async run(t) {
      const answer = await t.ask(stream('stall-mid-stream'), { most_ms: 6000 });
      const [row] = (await t.log('stall-mid-stream')) ?? [{ outcome: 'truncated' }];
      const isClosed = await t.closed('stall-mid-stream');
      return seen(ended(answer), {
        'broken off': answer.end === 'broken',
        'closed at the seller': isClosed,
        'logged as truncated': row.outcome === 'truncated',
      });
    },
  },
];

function truncated(id) {
  return async (t) => {
    const answer = await t.ask(stream(id));
    const [row] = (await t.log(id)) ?? [{ outcome: 'truncated' }];
    const { calls } = t.seller.of(id);
    return seen(endedStream(answer), {
      'no clean end': answer.end === 'broken' || hasError(answer),
      'what came before it arrived': answer.text.startsWith(ROLE + HEL),
      'one call': calls.length === 1,
      'logged as truncated': row.outcome === 'truncated',
    });
  };
}

const usageIn = ({ text }) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).usage)
    .findLast((usage) => usage !== undefined && usage !== null);
