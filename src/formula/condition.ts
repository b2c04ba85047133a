/**
 * Conditions over named figures: `recommended == direct and saving_usd > 1000`.
 *
 *   condition  = condition and|or condition | not condition | (condition) | side < <= > >= == != side
 *   side       = a formula: + - * / ^, brackets, numbers, names, min max abs round ceil floor exp log sqrt
 *
 * A small grammar of our own splits comparisons from each other; each side is read by the one parser of formulas, with its
 * names replaced by symbols, and translated once into closures. `5 %` is 0.05. Numbers that differ by less than 1e-12 of
 * the larger are equal in all six comparisons. A figure that is not known (null) makes a comparison unknown, and so does
 * arithmetic without a value (0 / 0); `and` and `or` stay unknown unless their other side decides.
 * Example: saving_usd 1500, recommended direct: holds; saving_usd null: unknown.
 */
import { type Token, tokensOf } from './condition-tokens.ts';
import { evaluatorOf } from './evaluate.ts';
import { FormulaError, parseFormula } from './parse.ts';

export type Verdict = 'holds' | 'fails' | 'unknown';

/** A figure by name: null where it is not known, undefined where no figure has that name. */
export type Lookup = (name: string) => number | string | null | undefined;

export interface Comparison {
  readonly text: string;
  /** Names on either side. */
  readonly names: readonly string[];
  /** Both sides are a name alone: they may be words, as in `recommended == direct`. */
  readonly words: readonly [string, string] | undefined;
  readonly operator: string;
  /** What stands left and right of the operator. */
  readonly sides: readonly [string, string];
  /** What they come to: null where that is not known. */
  readonly values: (lookup: Lookup) => readonly [number | string | null, number | string | null];
  readonly verdict: (lookup: Lookup) => Verdict;
}

export interface Condition {
  readonly text: string;
  /** Every name in it, in order of first use. */
  readonly names: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly verdict: (lookup: Lookup) => Verdict;
}

/** Throws a FormulaError. Names are not looked up here. */
export function parseCondition(text: string): Condition {
  const comparisons: Comparison[] = [];
  const verdict = conditionOf(tokensOf(text), comparisons);
  return {
    text: text.trim(),
    names: [...new Set(comparisons.flatMap(({ names }) => names))],
    comparisons,
    verdict,
  };
}

type Judge = Condition['verdict'];
const OPPOSITE: Readonly<Record<Verdict, Verdict>> = { holds: 'fails', fails: 'holds', unknown: 'unknown' };

function conditionOf(tokens: readonly Token[], found: Comparison[]): Judge {
  for (const word of ['or', 'and'] as const) {
    const parts = splitAt(tokens, ({ is, text }) => is === 'word' && text === word);
    if (parts.length === 1) continue;
    if (parts.some((part) => part.length === 0)) throw new FormulaError(`something is missing beside "${word}"`);
    const judges = parts.map((part) => conditionOf(part, found));
    const decides: Verdict = word === 'or' ? 'holds' : 'fails';
    return (lookup) => {
      const verdicts = judges.map((judge) => judge(lookup));
      if (verdicts.includes(decides)) return decides;
      return verdicts.includes('unknown') ? 'unknown' : verdicts[0]!;
    };
  }
  const [first, ...rest] = tokens;
  if (first === undefined) throw new FormulaError('something is missing between brackets or after "not"');
  if (first.is === 'word') {
    if (rest[0]?.is === 'word') throw new FormulaError('"not" stands twice in a row');
    const judge = conditionOf(rest, found);
    return (lookup) => OPPOSITE[judge(lookup)];
  }
  const sides = splitAt(tokens, ({ is }) => is === 'comparison');
  if (sides.length > 2) throw new FormulaError('compares more than two sides at once; write a < b and b < c');
  if (sides.length === 2) return comparisonOf(tokens, sides as [Token[], Token[]], found);
  if (first.is === '(' && closingOf(tokens) === tokens.length - 1) return conditionOf(tokens.slice(1, -1), found);
  throw new FormulaError(`"${shown(tokens)}" is compared with nothing; write for example ${shown(tokens)} > 0`);
}

function comparisonOf(tokens: readonly Token[], sides: readonly [Token[], Token[]], found: Comparison[]): Judge {
  const operator = tokens[sides[0].length]!.text;
  const [left, right] = sides.map((side) => sideOf(side, operator)) as [Side, Side];
  const words = left.name === undefined || right.name === undefined ? undefined : ([left.name, right.name] as const);
  const verdict = (lookup: Lookup): Verdict => {
    const texts = words === undefined ? undefined : asWords(words, lookup);
    if (texts !== undefined) {
      if (texts.includes(null)) return 'unknown';
      return (texts[0] === texts[1]) === (operator === '==') ? 'holds' : 'fails';
    }
    const order = compared(left.value(lookup), right.value(lookup));
    if (order === undefined) return 'unknown';
    return HOLDS[operator]!(order) ? 'holds' : 'fails';
  };
  const values = (lookup: Lookup): ReturnType<Comparison['values']> => {
    const texts = words === undefined ? undefined : asWords(words, lookup);
    const [a, b] = texts ?? [left, right].map((side) => known(side.value(lookup)));
    return [a ?? null, b ?? null];
  };
  found.push({
    text: shown(tokens),
    names: [...new Set([...left.names, ...right.names])],
    words,
    operator,
    sides: [shown(sides[0]), shown(sides[1])],
    values,
    verdict,
  });
  return verdict;
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** Sign of a - b; undefined where one of them is no number. */
function compared(a: number, b: number): number | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  const isClose = Number.isFinite(a - b) && Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  return a === b || isClose ? 0 : Math.sign(a - b);
}

/** Both sides as words where one of them names a text: what is no text on the other side stands for itself. */
function asWords(names: readonly [string, string], lookup: Lookup): (string | null)[] | undefined {
  const values = names.map(lookup);
  if (values.every((value) => typeof value !== 'string' && value !== undefined)) return undefined;
  return values.map((value, i) => (typeof value === 'string' || value === null ? value : names[i]!));
}

interface Side {
  readonly names: readonly string[];
  /** It is this name and nothing else. */
  readonly name: string | undefined;
  /** NaN where it has no value. */
  readonly value: (lookup: Lookup) => number;
}

const FUNCTIONS = ['min', 'max', 'abs', 'round', 'ceil', 'floor', 'exp', 'log', 'sqrt'];

/** Checks that operands and operators alternate, and gives the formula with names as symbols. */
function sideOf(tokens: readonly Token[], operator: string): Side {
  if (tokens.length === 0) throw new FormulaError(`something is missing beside "${operator}"`);
  const names: string[] = [];
  const calls: string[] = [];
  const parts: string[] = [];
  let [isOperandNext, hasSign] = [true, false];
  tokens.forEach((token, i) => {
    const isCall = token.is === 'name' && tokens[i + 1]?.is === '(';
    const opens = token.is === 'number' || token.is === 'name' || token.is === '(';
    if (token.is === 'word' || token.is === 'comparison')
      throw new FormulaError(`"${token.text}" can't stand within a calculation: ${shown(tokens)}`);
    if (opens && !isOperandNext)
      throw new FormulaError(`nothing stands between "${tokens[i - 1]!.text}" and "${token.text}"`);
    const isSign = isOperandNext && (token.text === '-' || token.text === '+');
    if (!opens && isOperandNext && (!isSign || hasSign))
      throw new FormulaError(`a value is missing before "${token.text}"`);
    if (token.is === ',' && (calls.at(-1) ?? '') === '')
      throw new FormulaError('"," stands between the values of a function only; write 1000 for 1,000');
    if (token.is === ',' && calls.at(-1) !== 'min' && calls.at(-1) !== 'max')
      throw new FormulaError(`"${calls.at(-1)}" takes one value`);
    if (isCall && !FUNCTIONS.includes(token.text))
      throw new FormulaError(`the function "${token.text}" is not allowed; allowed are ${FUNCTIONS.join(', ')}`);
    if (token.is === '(') calls.push(tokens[i - 1]?.is === 'name' ? tokens[i - 1]!.text : '');
    if (token.is === ')') calls.pop();
    hasSign = isSign;
    isOperandNext = token.is === 'operator' || token.is === ',' || token.is === '(' || isCall;
    parts.push(token.is === 'name' && !isCall ? symbolOf(token.text, names) : token.text);
  });
  if (isOperandNext) throw new FormulaError(`a value is missing after "${tokens.at(-1)!.text}"`);
  const value = evaluatorOf(parseFormula(parts.join(' ')), (symbol) => Number(symbol.slice(1)));
  return {
    names,
    name: tokens.length === 1 ? names[0] : undefined,
    value: (lookup) =>
      value(
        names.map((name) => {
          const known = lookup(name);
          return typeof known === 'number' ? known : Number.NaN;
        }),
      ),
  };
}

/** Symbols are `n0`, `n1`, …: places in the list of values. */
function symbolOf(name: string, names: string[]): string {
  if (!names.includes(name)) names.push(name);
  return `n${names.indexOf(name)}`;
}

/** Parts between tokens outside of brackets. */
function splitAt(tokens: readonly Token[], isSplit: (token: Token) => boolean): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.is === '(') depth += 1;
    if (token.is === ')') depth -= 1;
    if (depth === 0 && isSplit(token)) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** Where the bracket that opens first closes. */
function closingOf(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ is }) => {
    if (is === '(') depth += 1;
    if (is === ')') depth -= 1;
    return depth === 0;
  });
}

const shown = (tokens: readonly Token[]): string =>
  tokens
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/\( | (?=[),])/g, (found) => found.trim());
