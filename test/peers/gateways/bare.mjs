/** bare-proxy.mjs as a process of its own. */
import path from 'node:path';
import { startProcess } from './process.mjs';

/** @param upstream_url of the seller, without a path */
export const startBare = ({ upstream_url }) =>
  startProcess(process.execPath, [path.join(import.meta.dirname, 'bare-proxy.mjs')], {
    url: (output) => /listening on (\S+)/.exec(output)?.[1],
    env: { ...process.env, UPSTREAM_URL: upstream_url },
  });
