import { expect, test } from 'vitest';
import { ABSENT } from '../../../src/trace/adapter.ts';
import { createRollup, totals } from '../../../src/usage/rollup.ts';
import { readText } from './read-text.ts';

test('releases 1 and 2: seconds from the first day, and rows of zeros are failed requests', async () => {
  const text = `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
5,ChatGPT,472,18,490,Conversation log
45,GPT-4,0,0,0,API log
118,GPT-4,417,276,693,Conversation log
120,GPT-4,-1,276,275,API log
121.5,GPT-4,1,2,3,API log
1e3,GPT-4,1,2,3,API log`;
  const read = await readText(text);
  expect(read).toEqual({
    format: 'burstgpt',
    requests: [
      { time_ms: 5000, model: 'ChatGPT', input_tokens: 472, output_tokens: 18, feature: 'Conversation log' },
      { time_ms: 45_000, model: 'GPT-4', status: 500, feature: 'API log' },
      { time_ms: 118_000, model: 'GPT-4', input_tokens: 417, output_tokens: 276, feature: 'Conversation log' },
      { time_ms: 121_500, model: 'GPT-4', input_tokens: 1, output_tokens: 2, feature: 'API log' },
    ],
    skipped: {},
    rejects: [
      '5: Request tokens: "-1" is not a whole number of 0 or more',
      '7: Timestamp: "1e3" is not a number of seconds since 1970',
    ],
    warnings: [],
  });
  const rollup = createRollup();
  for (const request of read.requests) rollup.add({ ...ABSENT, ...request });
  const table = rollup.table();
  expect([totals(table).requests, table.failed_requests]).toEqual([3, 1]);
});

test('release 3: sessions are not read, the time that an answer took is', async () => {
  const text = `Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\r
19440110.0,1722ac82-0a46-4bf0-aa08-89794e7a2b3f,43,GPT-4,906,446,1352,Conversation log\r
19440120.0,,2,ChatGPT,36,0,36,API log`;
  const { format, requests } = await readText(text);
  expect(format).toBe('burstgpt');
  expect(requests).toEqual([
    {
      time_ms: 19_440_110_000,
      model: 'GPT-4',
      input_tokens: 906,
      output_tokens: 446,
      latency_ms: 43_000,
      feature: 'Conversation log',
    },
    { time_ms: 19_440_120_000, model: 'ChatGPT', input_tokens: 36, status: 500, latency_ms: 2000, feature: 'API log' },
  ]);
});
