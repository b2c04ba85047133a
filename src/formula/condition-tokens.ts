/**
 * The words of a condition: figures' names, numbers, operators, brackets. Text that holds anything else is refused here, so
 * that no string, list, accessor, assignment or foreign character gets any further.
 *
 * A name is one word with its dots and hyphens (`npv_usd.gateway-15`); a minus between two names needs spaces. A part that
 * holds other characters stands in brackets: `input["prices.openai/gpt-4.1.input"]`.
 */
import { FormulaError } from './parse.ts';

export interface Token {
  readonly is: 'number' | 'name' | 'word' | 'comparison' | 'operator' | '(' | ')' | ',';
  readonly text: string;
}

const MAX_LENGTH = 2000;
const MAX_TOKENS = 500;
const MAX_DEPTH = 100;

const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?:\s*%)?/y;
const NAME = /[A-Za-z_]\w*(?:[.-]\w+|\["[^"\]\n]+"\])*/y;
const SIGN = /<=|>=|==|!=|&&|\|\||[<>=!+\-*/^(),]/y;
const WORDS = new Set(['and', 'or', 'not']);
const COMPARISONS = new Set(['<', '<=', '>', '>=', '==', '!=']);
const INSTEAD: Readonly<Record<string, string>> = {
  '=': 'write == to compare',
  '&&': 'write "and"',
  '||': 'write "or"',
  '!': 'write "not"',
};
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** Throws a FormulaError that names what is not allowed. */
export function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH)
    throw new FormulaError(`is ${text.length} characters long; at most ${MAX_LENGTH} are read`);
  const tokens: Token[] = [];
  let [at, depth] = [0, 0];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue;
    const token = nextToken(take);
    if (token === undefined) throw new FormulaError(`${JSON.stringify(text[at])} is not allowed${reason(text[at]!)}`);
    if (token.is === '(') depth += 1;
    if (token.is === ')') depth -= 1;
    if (depth > MAX_DEPTH) throw new FormulaError(`has more than ${MAX_DEPTH} brackets within each other`);
    if (depth < 0) throw new FormulaError('has a closing bracket too many');
    tokens.push(token);
    if (tokens.length > MAX_TOKENS) throw new FormulaError(`has more than ${MAX_TOKENS} names, numbers and signs`);
  }
  if (depth > 0) throw new FormulaError(`has ${depth} opening bracket${depth > 1 ? 's' : ''} too many`);
  if (tokens.length === 0) throw new FormulaError('is empty');
  return tokens;
}

function nextToken(take: (pattern: RegExp) => string | undefined): Token | undefined {
  const number = take(NUMBER);
  if (number !== undefined) return { is: 'number', text: plainNumber(number) };
  const name = take(NAME);
  if (name !== undefined) return WORDS.has(name) ? { is: 'word', text: name } : { is: 'name', text: plainName(name) };
  const sign = take(SIGN);
  if (sign === undefined) return undefined;
  if (Object.hasOwn(INSTEAD, sign)) throw new FormulaError(`"${sign}" is not allowed; ${INSTEAD[sign]}`);
  if (sign === '(' || sign === ')' || sign === ',') return { is: sign, text: sign };
  return { is: COMPARISONS.has(sign) ? 'comparison' : 'operator', text: sign };
}

/** `5 %` is 0.05. */
const plainNumber = (text: string): string => (text.endsWith('%') ? String(Number(text.slice(0, -1)) / 100) : text);

/** Parts in brackets as parts after a dot. */
function plainName(text: string): string {
  const name = text.replaceAll(/\["([^"]+)"\]/g, '.$1');
  const part = name.split('.').find((one) => FORBIDDEN.has(one));
  if (part !== undefined) throw new FormulaError(`the name "${part}" is not allowed`);
  return name;
}

const reason = (character: string): string =>
  /["'`]/.test(character) ? ': text needs no quotes, write recommended == direct' : '';
