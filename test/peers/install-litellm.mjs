/**
 * LiteLLM's proxy at a pinned version, in a virtual environment of its own under node_modules. A first installation
 * takes some four minutes and 560 MB, so that it is made only where it is asked for: `npm run test:peers -- litellm`. Gives
 * `{ program }`, or `{ missing }` with a reason that completes "skipped: ". TOLLGATE_LITELLM names a `litellm` that is there.
 *
 * 1.82.6 is the release before 1.82.7 and 1.82.8, which were published with a thief of credentials and taken back. Wheels
 * alone are installed, so that no set-up script runs, and what those two brought along is looked for.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const LITELLM_VERSION = '1.82.6';
const FOLDER = path.resolve(import.meta.dirname, '../../node_modules/.tollgate-litellm');
const STAMP = path.join(FOLDER, '.litellm');
const BIN = path.join(FOLDER, process.platform === 'win32' ? 'Scripts' : 'bin');
const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const VENV_MS = 60_000;
const INSTALL_MS = 420_000;

export function litellmProgram(isAsked) {
  const named = process.env.TOLLGATE_LITELLM;
  if (named !== undefined && named !== '')
    return existsSync(named) ? { program: named } : { missing: `TOLLGATE_LITELLM names ${named}, which is not there` };
  const program = path.join(BIN, 'litellm');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === LITELLM_VERSION) return { program };
  if (!isAsked)
    return { missing: 'it is not installed; npm run test:peers -- litellm installs it (some four minutes)' };
  const why = installed();
  if (why === undefined) return { program };
  rmSync(FOLDER, { recursive: true, force: true });
  return { missing: why };
}

/** Why it could not be; undefined: it is. */
function installed() {
  console.error(`Installing LiteLLM ${LITELLM_VERSION} …`);
  rmSync(FOLDER, { recursive: true, force: true });
  const made = spawnSync(PYTHON, ['-m', 'venv', FOLDER], { stdio: 'ignore', timeout: VENV_MS });
  if (made.error?.code === 'ENOENT') return `there is no ${PYTHON}`;
  if (made.status !== 0) return `${PYTHON} -m venv failed`;
  const wanted = ['--only-binary', ':all:', `litellm[proxy]==${LITELLM_VERSION}`];
  const { status, error, stderr } = spawnSync(path.join(BIN, 'pip'), ['install', '--quiet', ...wanted], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_MS,
  });
  if (error?.code === 'ETIMEDOUT') return `pip took longer than ${INSTALL_MS / 60_000} minutes`;
  if (status !== 0) return `pip failed: ${(stderr ?? '').trim().split('\n').at(-1) ?? ''}`;
  if (readdirSync(FOLDER, { recursive: true }).some((file) => file.endsWith('litellm_init.pth')))
    return 'it holds litellm_init.pth, as the releases with a thief did';
  writeFileSync(STAMP, LITELLM_VERSION);
  return undefined;
}
