import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type Environment, readConfig } from '../../src/router/read-config.ts';

const dir = mkdtemp(join(tmpdir(), 'config-'));
async function read(yaml: string, env: Environment = {}, allowMissingKeys = false) {
  const file = join(await dir, 'router.yaml');
  await writeFile(file, yaml);
  return readConfig(file, env, { allowMissingKeys });
}

/** Everything that is wrong, with the file's name alone in front. */
async function wrongs(yaml: string, env: Environment = {}): Promise<string[]> {
  const error = await read(yaml, env).catch((found: unknown) => found);
  if (!(error instanceof InputError)) throw new Error(`this was read: ${String(error)}`);
  return error.diagnostics.map(({ path, message }) => `${path.replace(/^.*\//, '')}: ${message}`);
}

const GOOD = `
routes:
  gpt-4o: {seller: openai, model: gpt-4o}
  sonnet: {seller: anthropic, model: claude-sonnet-4-5}
routing:
  policy: {kind: fallback, first: gpt-4o, to: [sonnet]}
  retries: {per_route: 1}
  breaker: {failures: 5}
upstreams:
  openai: {base_url: https://api.openai.com/v1, key_env: OPENAI_API_KEY}
  anthropic: {base_url: https://api.anthropic.com/v1, api: anthropic, key_env: ANTHROPIC_API_KEY}
`;
const KEYS = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2' };

describe('a router’s file', () => {
  test('takes routes and routing as a scenario has them, and keys from the environment', async () => {
    const { config, keys } = await read(GOOD, KEYS);
    expect(config.listen).toMatchObject({ host: '127.0.0.1', port: 8787, body_bytes: 10_485_760 });
    expect(config.routing.retries?.per_route).toBe(1);
    expect([...keys]).toEqual([
      ['openai', 'sk-1'],
      ['anthropic', 'sk-2'],
    ]);
    expect(JSON.stringify(config)).not.toContain('sk-1');
  });

  test('is refused where a key is missing, by the variable’s name and the routes that need it', async () => {
    expect(await wrongs(GOOD, { OPENAI_API_KEY: 'sk-secret\nX: 1' })).toEqual([
      "router.yaml:10 upstreams.openai.key_env: the environment variable OPENAI_API_KEY holds no key: a key is one line of plain text, so the routes of openai (gpt-4o) can't be used",
      "router.yaml:11 upstreams.anthropic.key_env: the environment variable ANTHROPIC_API_KEY is not set, so the routes of anthropic (sonnet) can't be used",
    ]);
    expect((await read(GOOD, { OPENAI_API_KEY: 'sk-1' }, true)).keyless).toEqual(new Set(['anthropic']));
  });

  test('tells everything that is wrong at once, with line and nearest name', async () => {
    const yaml = `${GOOD}
  opnai: {base_url: https://api.openai.com/v1}
models: {fast: gpt-4}
clients:
  - {name: web, key_sha256: ${'a'.repeat(64)}, models: [sonet], budgets: [dy]}
  - {name: web, key_sha256: ${'b'.repeat(64)}}
`;
    expect(await wrongs(yaml, KEYS)).toEqual([
      'router.yaml:13 upstreams.opnai: no route has the seller "opnai" (did you mean "openai"?)',
      'router.yaml:14 models.fast: there is no route or policy "gpt-4" (did you mean "gpt-4o", "openai/gpt-4o"?); known are gpt-4o, openai/gpt-4o, sonnet, anthropic/claude-sonnet-4-5',
      expect.stringContaining('there is no model "sonet" (did you mean "sonnet"?)'),
      'router.yaml:16 clients[0].budgets[0]: there is no budget "dy"; known are none',
      'router.yaml:17 clients[1].name: two clients have the same',
    ]);
  });

  test('has no key in it: neither in the address nor in headers', async () => {
    const [address] = await wrongs(GOOD.replace('https://api.openai', 'https://me:sk-1@api.openai'), KEYS);
    expect(address).toContain('an address has no credentials');
    const [header] = await wrongs(GOOD.replace('key_env: OPENAI_API_KEY', 'headers: {x-api-key: sk-1}'), KEYS);
    expect(header).toContain('carries a secret');
    const [unknown] = await wrongs(GOOD.replace('key_env: OPENAI', 'key: OPENAI'), KEYS);
    expect(unknown).toContain('unknown key "key"');
  });

  test('listens beyond this machine only for clients with keys', async () => {
    expect(await wrongs(`${GOOD}listen: {host: 0.0.0.0}\n`, KEYS)).toEqual([
      expect.stringContaining('anybody could spend'),
    ]);
  });
});
