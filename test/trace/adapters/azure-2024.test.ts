import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

test('Azure 2024: times have an offset, and six decimals or none', async () => {
  const text = `TIMESTAMP,ContextTokens,GeneratedTokens
2024-05-10 00:00:00.009930+00:00,2162,5
2024-05-10 02:00:00+02:00,2399,6
2024-05-10 00:00:00.009930+00:00,,5`;
  expect(await readText(text)).toEqual({
    format: 'azure-2023',
    requests: [
      { time_ms: utc('2024-05-10T00:00:00.009'), input_tokens: 2162, output_tokens: 5 },
      { time_ms: utc('2024-05-10T00:00:00'), input_tokens: 2399, output_tokens: 6 },
    ],
    skipped: {},
    rejects: ['4: ContextTokens is empty'],
    warnings: [],
  });
});
