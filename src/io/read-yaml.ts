/**
 * Reads YAML 1.2 files: duplicate keys are errors, and every path knows its line. The only door to the yaml package.
 */
import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLParseError } from 'yaml';
import { dotted } from '../diagnose.ts';
import { InputError, inputError, problem } from '../errors.ts';

export interface YamlFile {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** `file.yaml:12 traffic.volume`; the line is that of the nearest part of the path that exists. */
  where(path: readonly PropertyKey[]): string;
}

const MAX_BYTES = 5_000_000;

/** Throws an InputError if the file is missing, a directory, too large or not YAML. */
export async function readYaml(file: string): Promise<YamlFile> {
  return parseYaml(await readText(file), file);
}

export async function readText(file: string, maxBytes = MAX_BYTES): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw inputError('FILE_MISSING', file, 'there is no such file');
    if (code === 'EISDIR') throw inputError('FILE_IS_DIRECTORY', file, 'is a directory; expected a file');
    throw inputError('FILE_UNREADABLE', file, `can't be read: ${(error as Error).message}`);
  }
  if (text.length > maxBytes)
    throw inputError('FILE_TOO_LARGE', file, `has ${text.length} characters; at most ${maxBytes} are read`);
  return text;
}

export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: true, stringKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => {
        const line = error.linePos?.[0].line;
        const summary = summaryOf(error, text);
        return problem('YAML', line === undefined ? file : `${file}:${line}`, summary.split('\n')[0] ?? summary);
      }),
    );
  }
  const where = (path: readonly PropertyKey[]): string => {
    const line = lineOf(path);
    return `${file}${line === undefined ? '' : `:${line}`}${path.length === 0 ? '' : ` ${dotted(path)}`}`;
  };
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const key = length === 0 ? undefined : keyNode(path.slice(0, length));
      const range = key ?? (isNode(node) ? node.range : undefined);
      if (range != null) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
  const keyNode = (path: readonly PropertyKey[]) => {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
    return isScalar(pair?.key) ? pair.key.range : undefined;
  };
  return { file, text, value: toValue(document, file), where };
}

/** The parser's own words, and for a key that stands twice its name. */
function summaryOf(error: YAMLParseError, text: string): string {
  const summary = error.message.split(' at line ')[0] ?? error.message;
  if (error.code !== 'DUPLICATE_KEY') return summary;
  const key = /^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0].trim();
  return `the key "${key}" stands here twice`;
}

/** Aliases that multiply (`&a [*b, *b]` in layers) are refused instead of unfolded. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw inputError('YAML', file, `can't be unfolded: ${(error as Error).message}`);
  }
}
