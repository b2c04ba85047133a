/**
 * What a person can look at where a target was not reached: its address, its key, its model. Told from the status alone and
 * what the target was given; of what the target said only the verdict is repeated.
 *
 * Example: 404 from http://127.0.0.1:4000/chat/completions: base_url ends with the version, such as /v1.
 */
import type { Seen } from '../check.ts';
import type { Target } from '../target.ts';
import { nameInWords } from './verdicts.ts';

/** Begins with a semicolon; empty where nothing is to be said. */
export function reachHint({ exchange, told }: Seen, target: Target): string {
  const { base_url, api, model, key_env } = target;
  const { status, failure } = exchange;
  if (status === 0)
    return failure?.includes('ECONNREFUSED') === true ? `; nothing listens at ${base_url}` : awayHint(target, failure);
  if (status === 401 || status === 403)
    return key_env === undefined
      ? '; no key was sent: key_env names the environment variable that holds it'
      : `; is ${key_env} a key of ${base_url}?`;
  const isModel = [told.error?.code, told.error?.type].some((name) => name?.includes('model') === true);
  if (status === 400 || isModel) return `; the model asked for is ${nameInWords(model)}`;
  if (status === 404 || status === 405) {
    const path = api === 'anthropic' ? '/messages' : '/chat/completions';
    const other = api === 'anthropic' ? 'openai' : 'anthropic';
    return `; asked was ${base_url}${path} for the model ${nameInWords(model)}: base_url ends with the version (such as /v1), and api is ${api}, not ${other}`;
  }
  return '';
}

const awayHint = ({ base_url }: Target, failure: string | undefined): string =>
  failure?.includes('ENOTFOUND') === true || failure?.includes('EAI_AGAIN') === true
    ? `; ${new URL(base_url).hostname} has no address`
    : '';
