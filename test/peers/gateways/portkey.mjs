/**
 * Portkey's open-source gateway at the version that the lock file pins, with a Hono that its streams work with. Sellers and
 * policies are chosen per request, by the headers that are given back.
 *
 * It listens on all interfaces: it has no option for a host. It runs no longer than its test, keeps no key, and is asked at
 * 127.0.0.1 alone.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '../servers.mjs';
import { startProcess } from './process.mjs';

const FOLDER = path.join(import.meta.dirname, '../node_modules/@portkey-ai/gateway');
const PROGRAM = path.join(FOLDER, 'build/start-server.js');

/** @param upstream_url of the seller, without a path; @param config of Portkey: strategy, targets, retry, request_timeout */
export async function startPortkey({ upstream_url, config }) {
  if (!existsSync(PROGRAM)) return { missing: 'Portkey is not installed in test/peers' };
  const [port] = await freePorts(1);
  const started = await startProcess(process.execPath, [PROGRAM, '--headless', `--port=${port}`], {
    url: `http://127.0.0.1:${port}`,
    cwd: FOLDER,
  });
  return { ...started, headers: portkeyHeaders(upstream_url, config) };
}

export const portkeyHeaders = (upstream_url, config) =>
  config === undefined
    ? { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream_url}/v1` }
    : { 'x-portkey-config': JSON.stringify(config) };

/** A target within a Portkey configuration. */
export const portkeyTarget = (upstream_url, more = {}) => ({
  provider: 'openai',
  api_key: 'none',
  custom_host: `${upstream_url}/v1`,
  ...more,
});

export const portkeyVersion = () =>
  existsSync(PROGRAM) ? JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')).version : undefined;
