/** What is wrong with an input as people are told it, `path: message`; nothing where it is taken. Anything else is thrown on. */
import { InputError } from '../src/errors.ts';

export function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return inWords(error);
  }
  return [];
}

/** @param folder left out of the paths */
export const problemsOfReading = (reading: Promise<unknown>, folder: string): Promise<string[]> =>
  reading.then(
    () => [],
    (error: unknown) => inWords(error).map((text) => text.replaceAll(`${folder}/`, '')),
  );

function inWords(error: unknown): string[] {
  if (!(error instanceof InputError)) throw error;
  return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
}
