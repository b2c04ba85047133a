/**
 * LiteLLM's proxy before one seller, without a database, on 127.0.0.1. It gets a folder of its own for a home and an
 * environment that holds nothing of this one's but PATH. Its prices are those that it was published with.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../servers.mjs';
import { startProcess } from './process.mjs';

export const LITELLM_KEY = 'sk-litellm-test-key';

/** @param base_url of the seller, with its version; @param models name -> what LiteLLM calls it */
export async function startLitellm({ program, base_url, models }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-litellm-'));
  const file = path.join(folder, 'config.yaml');
  const config = {
    model_list: Object.entries(models).map(([model_name, model]) => ({
      model_name,
      litellm_params: { model, api_base: base_url, api_key: 'stand-in-key' },
    })),
    litellm_settings: { num_retries: 0, telemetry: false },
    general_settings: { master_key: LITELLM_KEY },
  };
  writeFileSync(file, JSON.stringify(config));
  const [port] = await freePorts(1);
  const started = await startProcess(program, ['--config', file, '--host', '127.0.0.1', '--port', String(port)], {
    url: `http://127.0.0.1:${port}`,
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_TELEMETRY: 'False',
      NO_PROXY: '*',
    },
    onStop: () => rmSync(folder, { recursive: true, force: true }),
  });
  return started;
}
