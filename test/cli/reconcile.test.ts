/** `tollgate stand-in` and `tollgate reconcile` as people call them, in this process, on files of their own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addReconcileCommand } from '../../src/cli/reconcile.ts';
import { addStandInCommand } from '../../src/cli/stand-in.ts';
import { csvText } from '../../src/io/write-csv.ts';
import { readConfig } from '../../src/router/read-config.ts';
import { USAGE_COLUMNS } from '../../src/router/usage-rows.ts';
import { commands } from '../command.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);
const write = async (name: string, text: string): Promise<string> => {
  await writeFile(at(name), text);
  return at(name);
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'reconcile-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const { call: tollgate, printed } = commands(addReconcileCommand, addStandInCommand);

const ROW = {
  time: '2026-11-02T12:00:00.000Z',
  seller: 'openai',
  model: 'gpt-4o-mini',
  input_tokens: 1000,
  output_tokens: 20,
  status: 200,
  request: 'a',
  attempt: 1,
  route: 'mini',
  outcome: 'answered',
  billing: 'billed',
  cost_usd: 0.000162,
  cost_status: 'exact',
};
const log = (...rows: readonly Partial<Record<(typeof USAGE_COLUMNS)[number], string | number>>[]): Promise<string> =>
  write('usage-000001.csv', csvText([USAGE_COLUMNS, ...rows.map((row) => USAGE_COLUMNS.map((column) => row[column]))]));
const line = (more: object = {}): string =>
  `${JSON.stringify({ simulated: true, time: '2026-11-02T12:00:00.010Z', id: 'one', idempotency_key: 'tollgate-a', model: 'gpt-4o-mini', input_tokens: 1000, output_tokens: 20, nano_usd: 162_000, ...more })}\n`;

describe('tollgate reconcile', () => {
  it('says what was predicted and billed, and that a stand-in billed it', async () => {
    const text = await tollgate('reconcile', await log(ROW), '--bill', await write('bill.jsonl', line()));
    expect(text).toContain('simulated: a stand-in billed this; nothing of it was paid');
    expect(text).toContain(
      'predicted    0.000162 USD\nbilled       0.000162 USD\ndifference   0 USD (0 %), within 0.1 %',
    );
    expect(text).toContain('known of 1 request: predicted 0.000162, billed 0.000162 USD; to the nano-dollar, each');
    expect(process.exitCode).toBeUndefined();
  });

  it('takes the folder of a log, and JSON lines', async () => {
    await write('usage-000001.jsonl', `${JSON.stringify(ROW)}\n`);
    const found = JSON.parse(
      await tollgate('reconcile', folder, '--bill', await write('bill.jsonl', line()), '--json'),
    );
    expect(found).toMatchObject({ format: 'tollgate-reconciliation', simulated: true, within: true, attempts: 1 });
  });

  it('ends with 1 where the difference is more than the tolerance, and gives its cause', async () => {
    const files = [await log(ROW), '--bill', await write('bill.jsonl', line({ nano_usd: 170_910 }))] as const;
    const text = await tollgate('reconcile', ...files);
    expect(text).toContain('difference   +0.00000891 USD (+5.213 %), more than 0.1 %');
    expect(text).toMatch(/the same counts at another price.*│\s*1 │ \+0\.00000891 │/);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    await tollgate('reconcile', ...files, '--tolerance', '6');
    expect(process.exitCode).toBeUndefined();
  });

  it('holds an export with costs against the log by model and day', async () => {
    const bill = await write(
      'costs.csv',
      'time,seller,model,input_tokens,output_tokens,billed_usd\n2026-11-02T03:00:00Z,openai,gpt-4o-mini,1000,20,0.00017091\n2026-11-03T03:00:00Z,openai,gpt-4o-mini,1000,20,0.000162\n',
    );
    const found = JSON.parse(await tollgate('reconcile', await log(ROW), '--bill', bill, '--json'));
    expect(found).toMatchObject({ by: 'model_and_day', simulated: false, difference_nano_usd: 170_910 });
    expect(found.causes.map(({ cause, nano_usd }: { cause: string; nano_usd: number }) => [cause, nano_usd])).toEqual([
      ['price', 8910],
      ['not_in_log', 162_000],
    ]);
  });

  const COSTS = 'start_time,end_time,amount_value,amount_currency,line_item';
  const costs = (...rows: readonly string[]): Promise<string> =>
    write('costs.csv', `${COSTS}\n${rows.map((row) => `1793577600,1793664000,${row}\n`).join('')}`);

  it.each([
    [
      'a model a row',
      ['0.00015,usd,"gpt-4o-mini-2024-07-18, input_tokens"', '0.000012,usd,"gpt-4o-mini-2024-07-18, output_tokens"'],
    ],
    ['no model', ['0.000162,usd,']],
  ])('takes costs of an organisation, with %s', async (_, rows) => {
    const found = JSON.parse(await tollgate('reconcile', await log(ROW), '--bill', await costs(...rows), '--json'));
    expect(found).toMatchObject({ by: 'model_and_day', billed_nano_usd: 162_000, difference_nano_usd: 0, causes: [] });
    const more = await costs(...rows, rows.at(-1)!);
    const { causes } = JSON.parse(await tollgate('reconcile', await log(ROW), '--bill', more, '--json'));
    expect(causes.map(({ cause }: { cause: string }) => cause)).toEqual(['price_or_counts']);
  });

  const DASHBOARD =
    'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source';
  const dashboard = (...rows: readonly string[]): Promise<string> =>
    write('costs.csv', `${[DASHBOARD, ...rows].join('\n')}\n`);
  const of = (day: number, amount: string, item: string): string =>
    `${day},${day + 86_400},${new Date(day * 1000).toISOString().slice(0, 19)},${new Date((day + 86_400) * 1000).toISOString().slice(0, 19)},${amount},${item},,key_1,proj_a,org-x,Proj A,Org X,someone@example.com,`;
  const [DAY, BEFORE] = [1_793_577_600, 1_793_491_200];

  it('takes a dashboard’s export as it comes: blank buckets, 30 decimals, an item a row, another currency', async () => {
    const bill = await dashboard(
      `${BEFORE},${DAY},2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,,,,,,,,,,,,,`,
      of(DAY, '0.000150000000000000000000000000,usd', '1000,tokens,"gpt-4o-mini-2024-07-18, input_tokens"'),
      of(DAY, '0.000012000000000000000000000000,usd', '20,tokens,"gpt-4o-mini-2024-07-18, output_tokens"'),
      of(DAY, '0.010000000000000000000000000000,usd', '1,null,"web search tool calls"'),
      of(DAY, '3,eur', '1,null,"support plan"'),
    );
    const files = [await log(ROW), '--bill', bill] as const;
    const found = JSON.parse(await tollgate('reconcile', ...files, '--json'));
    expect(found).toMatchObject({
      by: 'model_and_day',
      charges: 3,
      billed_nano_usd: 10_162_000,
      left_out: [
        { reason: 'empty buckets', rows: 1 },
        { reason: 'amounts in another currency than USD', rows: 1 },
      ],
    });
    expect(found.predicted_nano_usd).toBeCloseTo(162_000, 6);
    expect(found.causes.map(({ cause, nano_usd }: { cause: string; nano_usd: number }) => [cause, nano_usd])).toEqual([
      ['not_in_log', 10_000_000],
    ]);
    const text = await tollgate('reconcile', ...files);
    expect(text).toContain('1 row of the bill left out: amounts in another currency than USD');
    expect(text).not.toContain('someone@example.com');
  });

  it('takes pages of the costs endpoint', async () => {
    const result = (value: number, line_item: string) => ({
      object: 'organization.costs.result',
      amount: { value, currency: 'usd' },
      line_item,
      project_id: null,
    });
    const results = [
      result(0.00015, 'gpt-4o-mini-2024-07-18, input'),
      result(0.000012, 'gpt-4o-mini-2024-07-18, output'),
    ];
    const bucket = { object: 'bucket', start_time: DAY, end_time: DAY + 86_400, results };
    const page = { object: 'page', data: [bucket], has_more: false, next_page: null };
    const bill = await write('costs.json', JSON.stringify(page));
    const found = JSON.parse(await tollgate('reconcile', await log(ROW), '--bill', bill, '--json'));
    expect(found).toMatchObject({ by: 'model_and_day', charges: 2, difference_nano_usd: 0, causes: [], within: true });
  });

  it('takes a gateway’s activity, row by row, with a fee on top', async () => {
    const header =
      'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,api_key_name,app_name';
    const row =
      'gen-1793620800-a,2026-11-02 12:00:01.000,0.00017091,0,0,0,0,1000,20,0,0,openai/gpt-4o-mini,OpenAI,standard,false,true,,stop,stop,900,300,false,backend,Chat';
    const bill = await write('openrouter_activity_2026-11-02.csv', `${header}\n${row}\n`);
    const found = JSON.parse(await tollgate('reconcile', await log(ROW), '--bill', bill, '--json'));
    expect(found).toMatchObject({ difference_nano_usd: 8910, within: false });
    expect(found.causes.map(({ cause }: { cause: string }) => cause)).toEqual(['price']);
  });

  it.each([
    [
      'another file for a log',
      'time,input_tokens,output_tokens\n2026-11-02T12:00:00Z,1,1\n',
      line(),
      'it lacks request, attempt, billing, cost_status',
    ],
    ['a log without rows', csvText([USAGE_COLUMNS]), line(), 'holds no row; has the router served anything yet?'],
    ['an empty bill', undefined, '', 'is empty: nothing was billed, or nothing was written yet'],
    ['half a line', undefined, `${line()}{"simu`, 'bill.jsonl:2: is no JSON object; half a line at the end'],
    ['a charge twice', undefined, line() + line(), 'bill.jsonl:2: "one" is billed in line 1 already'],
    ['an amount that is no whole number', undefined, line({ nano_usd: 1.5 }), 'bill.jsonl:1 nano_usd'],
    [
      'a bill without costs',
      undefined,
      'time,model,input_tokens,output_tokens\n2026-11-02T12:00:00Z,gpt-4o,1,1\n',
      'no row of it says what was billed',
    ],
  ])('tells of %s', async (_, logged, billed, message) => {
    const file = logged === undefined ? await log(ROW) : await write('usage-000001.csv', logged);
    await expect(tollgate('reconcile', file, '--bill', await write('bill.jsonl', billed))).rejects.toThrow(message);
  });

  it('tells of files that are not there, with their names', async () => {
    await expect(tollgate('reconcile', at('no.csv'), '--bill', at('no.jsonl'))).rejects.toThrow(
      'no.csv: there is no such file',
    );
    await expect(tollgate('reconcile', await log(ROW), '--bill', at('no.jsonl'))).rejects.toThrow(
      'no.jsonl: there is no such file',
    );
  });

  it('tells of rows that can not be read, all at once', async () => {
    const bad = [{ ...ROW, input_tokens: -3 }, ROW, { ...ROW, tier: 'gold' }];
    const running = tollgate('reconcile', await log(...bad), '--bill', await write('bill.jsonl', line()));
    await expect(running).rejects.toThrow(/csv:2: input_tokens: "-3" is no count[\s\S]*csv:4: tier: "gold" is none/);
  });
});

describe('tollgate stand-in', () => {
  /** Calls what the command has set for a signal, and nobody else's. */
  const end = (known: readonly unknown[]): void => {
    for (const listener of process.listeners('SIGTERM')) if (!known.includes(listener)) listener('SIGTERM');
  };

  it('answers until a signal ends it, writes its bill meanwhile, and a file for the router', async () => {
    const known = process.listeners('SIGTERM');
    const spec = await write('spec.yaml', 'first_token: 1 ms\nper_token: 0 ms\n');
    const running = tollgate('stand-in', spec, '--bill', at('bill.jsonl'), '--router-file', at('router.yaml'));
    await vi.waitFor(() => expect(process.listeners('SIGTERM').length).toBeGreaterThan(known.length), 5000);
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed()) ?? [''];
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say OK' }] });
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'tollgate-a' };
    const answer = await fetch(`${origin}/direct/v1/chat/completions`, { method: 'POST', headers, body });
    expect(answer.headers.get('x-stand-in')).toBe('simulated');
    await answer.text();
    await vi.waitFor(async () => expect(await readFile(at('bill.jsonl'), 'utf8')).toMatch(/\n$/), 5000);
    end(known);
    expect(await running).toMatch(/^simulated: a stand-in listens[\s\S]*\nsimulated: 1 request billed/);
    expect(process.listeners('SIGTERM')).toEqual(known);
    const [billed] = (await readFile(at('bill.jsonl'), 'utf8')).trim().split('\n');
    expect(JSON.parse(billed!)).toMatchObject({ simulated: true, idempotency_key: 'tollgate-a', output_tokens: 1 });
    const { config } = await readConfig(at('router.yaml'), {});
    expect(config.upstreams.openai!.base_url).toBe(`${origin}/direct/v1`);
    expect(await readFile(at('router.yaml'), 'utf8')).toMatch(/^# simulated/);
  });

  it('writes over no bill of another run, and tells of a spec that is wrong', async () => {
    await write('bill.jsonl', line());
    await expect(tollgate('stand-in', '--bill', at('bill.jsonl'))).rejects.toThrow(
      'is the bill of another run; name a file',
    );
    expect(await readFile(at('bill.jsonl'), 'utf8')).toBe(line());
    const spec = await write('spec.yaml', 'api: openai\ndirect: {markup: 5}\n');
    await expect(tollgate('stand-in', spec)).rejects.toThrow(/spec\.yaml:2 direct\.markup.*markup_percent/);
  });
});
