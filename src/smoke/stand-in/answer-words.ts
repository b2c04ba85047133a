/**
 * What the stand-in says: words of a list, as many as chance has it and the request allows; `OK` where the question has it,
 * numbers where it is asked to count, nine digits where it is asked for some at random; JSON where JSON is asked for, made from
 * its schema; arguments of the tool that it calls, made the same way.
 */
import { isObject, type JsonObject } from './json-object.ts';
import type { Luck } from './luck.ts';
import { piecesOf } from './tokens.ts';
import type { Wanted } from './wanted.ts';

export interface AnswerWords {
  /** Text, or a tool's arguments, token by token. */
  readonly pieces: readonly string[];
  readonly isTool: boolean;
  /** It was not allowed to say all of it. */
  readonly isShortened: boolean;
}

const WORDS = 'OK, this is a stand-in: it says words of a list, so that all of its parts can be put to use. '.split(
  ' ',
);

export function answerWords(wanted: Wanted, luck: Luck): AnswerWords {
  const { tool, format, limit, last_words } = wanted;
  const all =
    tool !== undefined
      ? piecesOf(JSON.stringify(instanceOf(tool.schema, last_words)))
      : format === 'json'
        ? piecesOf('{"answer": "OK"}')
        : typeof format === 'object'
          ? piecesOf(JSON.stringify(instanceOf(format.schema, last_words)))
          : spoken(last_words, luck);
  return { pieces: all.slice(0, limit), isTool: tool !== undefined, isShortened: all.length > limit };
}

function spoken(words: string, { answer_tokens, detail }: Luck): readonly string[] {
  if (/\bOK\b/.test(words)) return ['OK'];
  if (/\bdigits\b.*\bat random\b/.test(words)) return piecesOf(String(Math.floor(detail * 1e9)).padStart(9, '0'));
  const [, from, to] = /\bcount from (\d{1,3}) to (\d{1,3})\b/i.exec(words) ?? [];
  if (from === undefined || to === undefined) return plainWords(answer_tokens);
  const numbers = Array.from({ length: Math.max(1, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
  return piecesOf(numbers.join(' '));
}

const plainWords = (tokens: number): string[] =>
  Array.from({ length: tokens }, (_, i) => `${i === 0 ? '' : ' '}${WORDS[i % (WORDS.length - 1)]!.slice(0, 6)}`);

/** The least that a schema allows, with a name out of the question where it wants text. */
export function instanceOf(schema: JsonObject, words: string): unknown {
  return new Maker(schema, nameIn(words)).make(schema, 0);
}

class Maker {
  readonly #root: JsonObject;
  readonly #word: string;

  constructor(root: JsonObject, word: string) {
    this.#root = root;
    this.#word = word;
  }

  make(schema: unknown, depth: number): unknown {
    if (!isObject(schema) || depth > 16) return null;
    const { $ref, enum: allowed, anyOf, oneOf, allOf, type } = schema;
    if (typeof $ref === 'string') return this.make(this.#found($ref), depth + 1);
    if ('const' in schema) return schema.const;
    if (Array.isArray(allowed)) return allowed[0];
    const others = [anyOf, oneOf, allOf].find(Array.isArray);
    if (others !== undefined) return this.make(others[0], depth + 1);
    return this.#ofType(Array.isArray(type) ? type[0] : type, schema, depth);
  }

  #ofType(type: unknown, schema: JsonObject, depth: number): unknown {
    switch (type) {
      case 'string':
        return this.#word.padEnd(numberOf(schema.minLength) ?? 0, '.').slice(0, numberOf(schema.maxLength) ?? 200);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      case 'array':
        return Array.from({ length: numberOf(schema.minItems) ?? 1 }, () => this.make(schema.items ?? {}, depth + 1));
      default:
        return this.#object(schema, depth);
    }
  }

  #number({ minimum, exclusiveMinimum, maximum }: JsonObject): number {
    const least = numberOf(minimum) ?? (numberOf(exclusiveMinimum) === undefined ? 1 : Number(exclusiveMinimum) + 1);
    return Math.min(least, numberOf(maximum) ?? least);
  }

  #object({ properties, required }: JsonObject, depth: number): JsonObject {
    const all = isObject(properties) ? properties : {};
    const names = Array.isArray(required) ? required.map(String) : Object.keys(all);
    return Object.fromEntries(names.map((name) => [name, this.make(all[name] ?? { type: 'string' }, depth + 1)]));
  }

  #found(ref: string): unknown {
    return ref
      .split('/')
      .slice(1)
      .reduce<unknown>((inside, name) => (isObject(inside) ? inside[name] : undefined), this.#root);
  }
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The last word with a capital that does not begin the text: Rome of "What is the weather in Rome?". */
const nameIn = (words: string): string => words.match(/(?<=\w\s)\p{Lu}\p{Ll}{2,}/gu)?.at(-1) ?? 'stand-in';
