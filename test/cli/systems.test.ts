/** `tollgate systems` as people call it: the table, one system, JSON, Markdown. */
import { expect, test } from 'vitest';
import { addSystemsCommand } from '../../src/cli/systems.ts';
import { commands } from '../command.ts';

const { call } = commands(addSystemsCommand);
const systems = (...args: string[]): Promise<string> => call('systems', ...args);

test('without a name all stand in a table, with kind, fees, capabilities, cards and date', async () => {
  const text = await systems();
  for (const id of [
    'openai',
    'alibaba',
    'zai',
    'openrouter',
    'tokenmix',
    'litellm',
    'portkey',
    'cloudflare',
    'siliconflow',
  ])
    expect(text).toMatch(new RegExp(`│ ${id} +│`));
  for (const id of [
    'openllmapi',
    'aipower',
    'openai-sdk',
    'langchain',
    'llamaindex',
    'vercel-ai-sdk',
    'langfuse',
    'datadog',
    'ollama',
  ])
    expect(text).toMatch(new RegExp(`│ ${id} +│`));
  expect(text).toMatch(
    /│ openrouter +│ managed gateway +│ 5\.5 % on credit bought, at least 0\.8 USD a +│ 8 of 9 │ +│ sources, high +│/,
  );
});

test('with a name all that is known is told, AIPower’s two readings of its free calls among it', async () => {
  const text = (await systems('AIPower')).replace(/\n {4}(?=\S)/g, ' ');
  expect(text).toMatch(/^AIPower \(aipower\): managed gateway/);
  expect(text).toMatch(/listed \(2026-11-20, confidence low\).*10 requests free/);
  expect(text).toMatch(/fifty-free-calls \(2026-04-16, confidence low\).*50 requests free/);
  expect(text).toContain('key AIPOWER_API_KEY');
  expect(text).toContain('- {id: aipower, kind: managed_gateway, gateway: aipower}');
});

test('--json of one and of all', async () => {
  const one = JSON.parse(await systems('qwen', '--json'));
  expect(one).toMatchObject({ id: 'alibaba', kinds: ['provider'] });
  expect(one.prices.find(({ model }: { model: string }) => model === 'qwen-plus')).toMatchObject({
    input_usd_per_mtok: 0.4,
    output_usd_per_mtok: 1.2,
  });
  expect(JSON.parse(await systems('--json')).length).toBeGreaterThan(40);
});

test('--markdown of one is a page', async () => {
  expect(await systems('litellm', '--markdown')).toMatch(/^# LiteLLM\n\n`litellm`: self-hosted gateway\./);
});

test('a misspelt name is told with the nearest', async () => {
  await expect(systems('portkye')).rejects.toThrow('did you mean "portkey"');
});
