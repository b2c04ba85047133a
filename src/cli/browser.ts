/**
 * The system's browser, asked to show an address. The address is an argument of a program, never part of a command line that a
 * shell reads. It does not wait for the browser to end: some systems' openers stay until then.
 */
import { spawn } from 'node:child_process';

/** Long enough for an opener to fail, short enough not to be waited for. */
const FAILS_WITHIN_MS = 1500;

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: it was asked; else why it could not be, as half a sentence. */
export async function showInBrowser(
  url: string,
  platform: NodeJS.Platform,
  env: Environment,
): Promise<string | undefined> {
  if (platform !== 'darwin' && platform !== 'win32' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return 'there is no display here';
  const [program, ...args] = openerOf(platform, url);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false });
    const waited = setTimeout(() => settle(undefined), FAILS_WITHIN_MS);
    const settle = (hindrance: string | undefined): void => {
      clearTimeout(waited);
      child.removeAllListeners('exit');
      child.unref();
      resolve(hindrance);
    };
    child.on('error', ({ message, ...error }: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? `no browser was found: ${program} is missing` : `${program} failed: ${message}`),
    );
    child.on('exit', (code) => settle(code === 0 ? undefined : `no browser was found: ${program} ended with ${code}`));
  });
}

/** Windows: `start` is a word of its shell; this is what it calls. */
function openerOf(platform: NodeJS.Platform, url: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  return platform === 'win32' ? ['rundll32.exe', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url];
}
