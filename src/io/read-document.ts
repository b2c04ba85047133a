/** A JSON or YAML file of somebody else's contract as plain values, of bounded size. What they mean is the caller's business. */
import { inputError } from '../errors.ts';
import { parseYaml, readText } from './read-yaml.ts';

export async function readDocument(file: string, max_characters: number): Promise<unknown> {
  const text = await readText(file, max_characters);
  if (!/^\s*[[{]/.test(text)) return parseYaml(text, file).value;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw inputError('JSON', file, `is no JSON: ${(error as Error).message}`);
  }
}
