/**
 * This project's router, as the command runs it: `tollgate router FILE` of the build in dist/. Its file lies in a temporary
 * folder of its own, as does its log where the configuration asks for one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProcess } from './process.mjs';

const PROGRAM = path.resolve(import.meta.dirname, '../../../dist/cli/main.js');

/**
 * @param upstream_url of the seller, without a path
 * @param config what is to stand in the file; default: one route `m` to the seller, and no policy
 * @param prices folder of a price book
 * @param env further variables, keys among them
 */
export async function startRouter({ upstream_url, config = plainConfig(upstream_url), prices, env = {} }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-router-'));
  const file = path.join(folder, 'router.yaml');
  writeFileSync(file, JSON.stringify({ ...config, listen: { host: '127.0.0.1', port: 0, ...config.listen } }));
  const started = await startProcess(
    process.execPath,
    [PROGRAM, 'router', file, ...(prices === undefined ? [] : ['--prices', prices])],
    {
      url: (output) => /listening on (\S+)/.exec(output)?.[1],
      env: { ...process.env, ...env },
      onStop: () => rmSync(folder, { recursive: true, force: true }),
    },
  );
  return { ...started, folder };
}

export const plainConfig = (upstream_url) => ({
  routes: { m: { seller: 'upstream', model: 'm' } },
  routing: { policy: 'm' },
  upstreams: { upstream: { base_url: `${upstream_url}/v1` } },
});
