import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import type { TraceRequest } from '../../src/trace/request.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-spellings-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a key of JSON that is spelled another way in later records is read there too', async () => {
  const file = join(folder, 'spans.jsonl');
  const span = (usage: object) =>
    JSON.stringify({
      name: 'chat gpt-4o',
      traceId: 'a',
      spanId: 'b',
      startTimeUnixNano: '1793620800123456789',
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...usage },
    });
  const newer = span({ 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 2 });
  const older = span({ 'gen_ai.usage.prompt_tokens': 30, 'gen_ai.usage.completion_tokens': 4 });
  writeFileSync(file, `${`${newer}\n`.repeat(150)}${older}\n`);
  const requests: TraceRequest[] = [];
  const reading = await readTrace(file, (request) => requests.push(request));
  expect(reading.rows).toBe(151);
  expect(requests.at(-1)).toMatchObject({ input_tokens: 30, output_tokens: 4 });
});
