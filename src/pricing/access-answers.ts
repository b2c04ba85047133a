/**
 * Puts what a person answered into how a target is reached: account, region, the address of a gateway of one's own.
 *
 * Takes the access and answers by name, gives it without placeholders, or every question that is still open, and every
 * answer that nothing asks for. Defaults hold where nobody answers. It asks nobody and reads no environment.
 */
import { type Diagnostic, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import type { LiveAccess } from './access.ts';
import { filledAll, filledIn } from './access-facts.ts';

/** With what a person answered, else the defaults; what is still open is told, each with its question. */
export function completed(
  access: LiveAccess,
  answers: Readonly<Record<string, string | undefined>>,
): LiveAccess | readonly Diagnostic[] {
  const values = Object.fromEntries(access.ask.map((one) => [one.name, answers[one.name] ?? one.default]));
  const names = access.ask.map(({ name }) => name);
  const found = [
    ...Object.keys(answers)
      .filter((name) => !names.includes(name))
      .map(
        (name) => `nothing asks for "${name}"${didYouMean(name, names)}; asked for is ${names.join(', ') || 'nothing'}`,
      ),
    ...access.ask
      .filter(({ name }) => values[name] === undefined)
      .map(({ name, question, env }) => `${name} is not known: ${question}${env === undefined ? '' : ` (${env})`}`),
  ];
  if (found.length > 0) return found.map((message) => problem('ACCESS_ASKS', access.target, message));
  return {
    ...access,
    base_url: values.base_url?.replace(/\/+$/, '') ?? filledIn(access.base_url ?? '', values),
    headers: filledAll(access.headers, values),
    model: filledIn(access.model, values),
    ask: [],
  };
}
