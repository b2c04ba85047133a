/** Findings that name a place of a block only by its path, with the file and the line of that place in front. */
import { InputError } from '../errors.ts';
import { readYaml } from './read-yaml.ts';

/**
 * @param block first key of the paths that are placed; others stay as they are
 * @param isWhole the file holds that block alone
 */
export async function placedFindings(
  error: InputError,
  file: string,
  block: string,
  isWhole = false,
): Promise<InputError> {
  const { where } = await readYaml(file);
  return new InputError(
    error.diagnostics.map((found) => {
      const [first, ...rest] = keysOf(found.path);
      return first === block ? { ...found, path: where(isWhole ? rest : [block, ...rest]) } : found;
    }),
  );
}

/** `a.b[1]` as its keys. */
const keysOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? key! : Number(index)));
