/**
 * Values put into a YAML text where they belong, and nothing else touched: comments, order, quotes and line breaks of all other
 * places stay as they are, so that a diff shows the values alone. Places are found in the parsed document, and the text is
 * cut there.
 *
 * New values are flow maps of one line; missing maps on the way are made; members of lists go by their id or position. What comes
 * out is read again and held against the same change of the plain values: a text that can't be edited so (anchors that are used
 * elsewhere) is an InputError, never another meaning.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';
import { inputError } from '../errors.ts';
import { applyOverrides } from '../scenario/overrides.ts';
import { parseYaml } from './read-yaml.ts';

export interface YamlEdit {
  readonly keys: readonly string[];
  readonly value: unknown;
  /** Put at the end of the line. */
  readonly comment?: string;
}

export function editedYaml(text: string, file: string, edits: readonly YamlEdit[]): string {
  const expected = applyOverrides(
    parseYaml(text, file).value,
    edits.map(({ keys, value }) => ({ path: keys, value })),
  );
  const edited = edits.reduce(withEdit, text);
  if (!isDeepStrictEqual(readAgain(edited), expected))
    throw inputError(
      'YAML_EDIT',
      file,
      'holds anchors or a layout in which values can’t be replaced one by one; write the place out plainly',
    );
  return edited;
}

function readAgain(text: string): unknown {
  try {
    return parseYaml(text, 'edited').value;
  } catch {
    return undefined;
  }
}

function withEdit(text: string, { keys, value, comment }: YamlEdit): string {
  const { contents } = parseDocument(text, { version: '1.2', stringKeys: true });
  let [node, depth]: [Node | null, number] = [contents, 0];
  for (; depth < keys.length; depth++) {
    const next = memberOf(node, keys[depth]!);
    if (next === undefined) break;
    node = next;
  }
  const rest = keys.slice(depth);
  const spliced =
    node === null
      ? { at: text.length, until: text.length, put: block(rest, value, '', lineBreak(text)) }
      : rest.length > 0 && isMap(node) && node.items.length > 0
        ? insertion(text, node as YAMLMap<Node, Node>, rest, value)
        : replacement(text, node, rest, value);
  const edited = text.slice(0, spliced.at) + spliced.put + text.slice(spliced.until);
  if (comment === undefined) return edited;
  const end = lineEnd(edited, spliced.at + spliced.put.length);
  return `${edited.slice(0, end)}  # ${comment.replaceAll(/[\r\n]+/g, ' ')}${edited.slice(end)}`;
}

interface Splice {
  readonly at: number;
  readonly until: number;
  readonly put: string;
}

/** A value in place of another, or of nothing. */
function replacement(text: string, node: Node, rest: readonly string[], value: unknown): Splice {
  const [from, to] = node.range!;
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  const between = /:[ \t\r\n]+$/.exec(text.slice(0, from));
  const at = isBlock && between !== null ? from - between[0].length + 1 : from;
  const until = at + text.slice(at, Math.max(at, to)).trimEnd().length;
  return { at, until, put: `${at > 0 && /\S/.test(text[at - 1]!) ? ' ' : ''}${flow(nested(rest, value))}` };
}

/** A key behind the last one of a map. */
function insertion(text: string, map: YAMLMap<Node, Node>, rest: readonly string[], value: unknown): Splice {
  const [first, last] = [map.items[0]!, map.items.at(-1)!];
  const at = endOf(text, last);
  const [key, ...below] = rest as [string, ...string[]];
  if (map.flow === true) return { at, until: at, put: `, ${flow(key)}: ${flow(nested(below, value))}` };
  const begin = first.key.range![0];
  const indent = ' '.repeat(begin - (text.lastIndexOf('\n', begin - 1) + 1));
  const end = lineEnd(text, at);
  const newline = lineBreak(text);
  return { at: end, until: end, put: `${newline}${block(rest, value, indent, newline)}` };
}

/** Where the last value of a pair ends; of a block, that of what it holds last. */
function endOf(text: string, { key, value }: Pair<Node, Node | null>): number {
  if ((isMap(value) || isSeq(value)) && value.flow !== true) {
    const last = value.items.at(-1);
    if (isMap(value) && last !== undefined) return endOf(text, last as Pair<Node, Node | null>);
    if (last !== undefined) return endOf(text, { key, value: last as Node } as Pair<Node, Node>);
  }
  const [from, to] = (value ?? key).range!;
  return from + text.slice(from, to).trimEnd().length;
}

function memberOf(node: Node | null, key: string): Node | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return (pair?.value as Node | null | undefined) ?? undefined;
  }
  if (!isSeq(node)) return undefined;
  const named = node.items.find((item) => isMap(item) && item.get('id') === key);
  return (/^\d+$/.test(key) ? node.items[Number(key)] : named) as Node | undefined;
}

const nested = (keys: readonly string[], value: unknown): unknown =>
  keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

function block(keys: readonly string[], value: unknown, indent: string, newline: string): string {
  const lines = keys.map((key, i) => `${indent}${'  '.repeat(i)}${flow(key)}:`);
  return `${lines.join(newline)} ${flow(value)}`;
}

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();

const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
