import { expect, test } from 'vitest';
import { at, jsonLines, quoted, readFixture, readsNumbersInCells } from './read-fixture.ts';

const HEADER =
  'id,traceId,projectId,type,environment,parentObservationId,startTime,endTime,name,metadata,level,statusMessage,version,input,output,modelParameters,completionStartTime,promptId,createdAt,updatedAt,usageDetails,costDetails,providedCostDetails,model,internalModelId,promptName,promptVersion,latency,timeToFirstToken,inputCost,outputCost,totalCost,inputUsage,outputUsage,totalUsage,traceName,traceTags,traceTimestamp,userId';

const row = (cells: Readonly<Record<string, string>>): string =>
  HEADER.split(',')
    .map((name) => cells[name] ?? '')
    .join(',');

const generation = {
  id: quoted('o1'),
  traceId: quoted('t1'),
  type: quoted('GENERATION'),
  startTime: quoted('2026-04-01T08:00:00.250Z'),
  level: quoted('DEFAULT'),
  input: quoted('[{"role":"user","content":"a, \\"b\\"\nc"}]'),
  usageDetails: quoted({
    input: 1000,
    input_cached_tokens: 4000,
    input_cache_creation: 500,
    output: 80,
    output_reasoning_tokens: 20,
    total: 5600,
  }),
  costDetails: quoted({ input: 0.003, total: 0.0051 }),
  model: quoted('claude-sonnet-4-5'),
  latency: '2150',
  timeToFirstToken: '0.4',
  totalCost: '0.0051',
  traceName: quoted('support'),
  traceTags: quoted('[]'),
  traceTimestamp: quoted('2026-04-01T08:00:00.000Z'),
  userId: quoted('u1'),
};

const read = {
  time_ms: at('2026-04-01T08:00:00.250Z'),
  model: 'claude-sonnet-4-5',
  feature: 'support',
  user: 'u1',
  latency_ms: 2150,
  ttft_ms: 400,
  billed_nano_usd: 5_100_000,
};

test.skipIf(!readsNumbersInCells)(
  'batch export as CSV: usage is JSON in a cell, its keys stand beside each other, latency is in ms',
  async () => {
    const reading = await readFixture(
      `${HEADER}\n` +
        `${row(generation)}\n` +
        `${row({ ...generation, type: quoted('SPAN') })}\n` +
        `${row({ ...generation, type: quoted('AGENT') })}\n` +
        `${row({ ...generation, usageDetails: '{}', totalCost: '' })}\n` +
        row({ ...generation, usageDetails: '{}', totalCost: '', level: 'ERROR', latency: '', timeToFirstToken: '' }),
    );
    expect(reading.format).toBe('langfuse-export');
    expect(reading.rejects).toEqual([]);
    expect(reading.requests).toEqual([
      {
        ...read,
        input_tokens: 1000,
        cache_read_tokens: 4000,
        cache_write_5m_tokens: 500,
        output_tokens: 80,
        reasoning_tokens: 20,
      },
      { time_ms: read.time_ms, model: read.model, feature: 'support', user: 'u1', status: 500 },
    ]);
    expect(reading.skipped).toEqual([
      { reason: 'spans, events and tools, which repeat the usage of generations', rows: 2 },
      { reason: 'generations without token counts', rows: 1 },
    ]);
  },
);

test('batch export as JSON: a total of input + output shows that cached and reasoning tokens are inside', async () => {
  const record = {
    id: 'o1',
    traceId: 't1',
    type: 'GENERATION',
    startTime: '2026-04-01T08:00:00.250Z',
    level: 'DEFAULT',
    usageDetails: { input: 5000, cache_read_input_tokens: 4000, output: 100, output_reasoning: 30, total: 5100 },
    model: 'gpt-5',
    latency: 2150,
    totalCost: 0.0051,
    traceName: null,
    traceTimestamp: '2026-04-01T08:00:00.000Z',
    userId: null,
  };
  const reading = await readFixture(
    JSON.stringify([
      record,
      { ...record, type: 'EMBEDDING', usageDetails: { input: 9, total: 9 }, totalCost: null },
      { ...record, usageDetails: { ...record.usageDetails, cache_read_input_tokens: 5001 } },
    ]),
  );
  const base = { time_ms: read.time_ms, model: 'gpt-5', latency_ms: 2150 };
  expect(reading.requests).toEqual([
    {
      ...base,
      input_tokens: 1000,
      cache_read_tokens: 4000,
      output_tokens: 70,
      reasoning_tokens: 30,
      billed_nano_usd: 5_100_000,
    },
    { ...base, input_tokens: 9 },
  ]);
  expect(reading.reasons.at(-1)).toBe(
    'with a total that is input + output, so that cached and reasoning tokens are inside them',
  );
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'input_tokens 5000 is less than the 5001 cache and audio tokens that it includes',
  ]);
});

test('the public API: pages under data, seconds, and keys that differ from client to client', async () => {
  const observation = {
    id: 'o1',
    traceId: 't1',
    type: 'GENERATION',
    startTime: '2026-04-01T10:00:00.250+02:00',
    endTime: '2026-04-01T10:00:02.400+02:00',
    level: 'DEFAULT',
    providedModelName: 'claude-sonnet-4-5',
    usageDetails: {
      input_tokens: 100,
      cache_read_input_tokens: 700,
      input_cache_creation_5m: 30,
      input_cache_creation_1h: 20,
      output_tokens: 10,
    },
    totalCost: 1e-9,
    latency: 2.15,
    timeToFirstToken: 0.4,
  };
  const reading = await readFixture(
    JSON.stringify({
      data: [
        observation,
        { ...observation, usageDetails: { prompt_tokens: 5, completion_tokens: 3 } },
        { ...observation, usageDetails: { input: 1, input_cache_read: 6, output: 2.5 } },
      ],
      meta: { cursor: 'x' },
    }),
  );
  expect(reading.format).toBe('langfuse-api');
  const base = {
    time_ms: read.time_ms,
    model: 'claude-sonnet-4-5',
    latency_ms: 2150,
    ttft_ms: 400,
    billed_nano_usd: 1,
  };
  expect(reading.requests).toEqual([
    {
      ...base,
      input_tokens: 100,
      cache_read_tokens: 700,
      cache_write_5m_tokens: 30,
      cache_write_1h_tokens: 20,
      output_tokens: 10,
    },
    { ...base, input_tokens: 5, output_tokens: 3 },
  ]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'usageDetails.output: "2.5" is not a whole number of 0 or more',
  ]);
});

test('rows as the database names them are read too, with time to first token in milliseconds', async () => {
  const reading = await readFixture(
    jsonLines({
      id: 'o1',
      type: 'GENERATION',
      start_time: '2026-04-01 08:00:00.250',
      trace_id: 't1',
      usage_details: { input: 7, output: 3 },
      provided_model_name: 'gpt-5',
      total_cost: 0.5,
      latency: 12,
      time_to_first_token: 4,
      traceTimestamp: '2026-04-01 08:00:00',
    }),
  );
  expect(reading.requests).toEqual([
    {
      time_ms: read.time_ms,
      model: 'gpt-5',
      input_tokens: 7,
      output_tokens: 3,
      latency_ms: 12,
      ttft_ms: 4,
      billed_nano_usd: 500_000_000,
    },
  ]);
});

test('a total of input + output with more cached tokens than input does not make them part of it', async () => {
  const reading = await readFixture(
    jsonLines({
      id: 'o1',
      type: 'GENERATION',
      startTime: '2026-04-01T08:00:00.250Z',
      traceId: 't1',
      usageDetails: { input: 7, cache_read_input_tokens: 900, output: 3, total: 10 },
      totalCost: null,
    }),
  );
  expect(reading.requests).toEqual([
    { time_ms: read.time_ms, input_tokens: 7, cache_read_tokens: 900, output_tokens: 3 },
  ]);
});
