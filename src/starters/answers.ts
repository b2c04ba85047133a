/**
 * Answers to the questions of a first scenario: what somebody typed, checked against the price book. Each reader gives what it
 * understood, or in words what is wrong, what is allowed and the nearest right name. Asks nothing and writes nothing.
 */
import { readAmount } from '../amount.ts';
import { FormulaError } from '../formula/parse.ts';
import { didYouMean } from '../nearest.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { resolveModel, unknownInWords } from '../pricing/resolve.ts';
import type { TraceFacts } from './trace-facts.ts';

export interface Answers {
  readonly start: string;
  readonly trace: TraceFacts | undefined;
  /** Of the price book. With a trace: of its rows that name none, first. */
  readonly models: readonly string[];
  /** Names of a trace that no card has -> models of the price book. */
  readonly mapped: Readonly<Record<string, string>>;
  /** As an amount; undefined: as the trace has it. */
  readonly requests_per_month: string | undefined;
  readonly gateways: readonly GatewayAnswer[];
  readonly rate: RateAnswer | undefined;
  /** Where editors find the schema, from the scenario's folder. */
  readonly schema: string | undefined;
}

export interface GatewayAnswer {
  readonly id: string;
  readonly kind: 'managed_gateway' | 'self_hosted_gateway';
  /** A gateway of one's own, known by its markup alone. */
  readonly markup?: string;
}

export interface RateAnswer {
  readonly text: string;
  readonly per: 'hour' | 'year';
}

export type Read<T> = { readonly value: T } | { readonly problem: string };

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Models, separated by commas, as the price book names them. */
export function readModels(text: string, book: PriceBook, on: string): Read<readonly string[]> {
  const models: string[] = [];
  const problems: string[] = [];
  for (const name of listed(text)) {
    const found = resolveModel(book, name, on);
    if ('seller' in found) models.push(`${found.seller}/${found.model}`);
    else problems.push(`"${name}": ${unknownInWords(found)}`);
  }
  if (problems.length > 0) return { problem: `${problems.join('; ')}. \`tollgate price list\` names all` };
  if (models.length === 0) return { problem: 'name at least one model, such as openai/gpt-5.6-luna' };
  return { value: [...new Set(models)] };
}

/** One of each seller that exports its own usage, for a trace of it that names no model. */
const COMMON = [
  'openai/gpt-5.6-luna',
  'anthropic/claude-sonnet-5',
  'google/gemini-2.5-flash',
  'mistral/mistral-small-latest',
  'deepseek/deepseek-chat',
] as const;

/** Models to propose for usage that names none: of who sold it, where that is known. */
export function likelyModels(
  proposed: readonly string[],
  seller: string | undefined,
  book: PriceBook,
): readonly string[] {
  const ofSeller = [...proposed, ...COMMON].filter(
    (model) => model.startsWith(`${seller}/`) && 'seller' in resolveModel(book, model),
  );
  return seller === undefined || ofSeller.length === 0 ? proposed : [...new Set(ofSeller)];
}

const NONE = /^(none|no|-)$/i;
const MARKUP = /^\d+(\.\d+)?\s*%$/;

/** Gateways, separated by commas; a share such as `15 %` is a gateway known by its markup alone; `none` for none. */
export function readGateways(text: string, book: PriceBook): Read<readonly GatewayAnswer[]> {
  if (NONE.test(text.trim())) return { value: [] };
  const known = weighable(book);
  const gateways: GatewayAnswer[] = [];
  const problems: string[] = [];
  for (const name of listed(text)) {
    const id = name.toLowerCase();
    const schedule = book.gateways.get(id);
    if (MARKUP.test(name)) {
      const share = name.replace(/\s*%$/, '');
      gateways.push({ id: `markup-${share.replace('.', '-')}`, kind: 'managed_gateway', markup: `${share} %` });
    } else if (schedule !== undefined && known.includes(id)) gateways.push({ id, kind: strategyKind(schedule) });
    else if (schedule !== undefined)
      problems.push(
        `${schedule.name} has no published figures of running it oneself; give what it costs you as a share, such as 10 %`,
      );
    else problems.push(`there is no gateway "${name}"${didYouMean(id, known)}; known are ${known.join(', ')}`);
  }
  if (problems.length > 0) return { problem: problems.join('; ') };
  if (gateways.length === 0) return { problem: 'name a gateway, a markup such as 15 %, or none' };
  return { value: gateways.filter(({ id }, i) => gateways.findIndex((other) => other.id === id) === i) };
}

/** Gateways that a scenario can weigh as the book has them. */
export const weighable = (book: PriceBook): string[] =>
  [...book.gateways].filter(([, one]) => one.kind === 'managed' || one.self_hosting !== undefined).map(([id]) => id);

const strategyKind = ({ kind }: FeeSchedule): GatewayAnswer['kind'] =>
  kind === 'self_hosted' ? 'self_hosted_gateway' : 'managed_gateway';

const SHORT = { k: 1e3, m: 1e6 } as const;

/** `50000`, `50,000`, `50k`, `1.5M`, `2 million`, or an interval: `20000 to 80000`. */
export function readVolume(text: string): Read<string> {
  const short = /^(\d+(?:\.\d+)?)\s*(k|m|thousand|million)?$/i.exec(text.trim().replaceAll(/[,_'](?=\d{3})/g, ''));
  const unit = short?.[2]?.toLowerCase();
  const factor = unit === undefined ? 1 : SHORT[unit.startsWith('m') ? 'm' : 'k'];
  const written = short === null ? text.trim() : String(Math.round(Number(short[1]) * factor));
  const problem = amountProblem(written, 'request/month', 1);
  return problem === undefined ? { value: written } : { problem: `${problem}; such as 50000, 50k or 20000 to 80000` };
}

/** An hour with all on-costs (`91`, `80 EUR/hour`, `70 to 120 USD/hour`), or a year's salary (`110000 USD/year`). */
export function readRate(text: string): Read<RateAnswer> {
  const written = text.trim().replaceAll(/(?<=\d),(?=\d{3}\b)/g, '');
  if (/\/\s*year\b/.test(written)) {
    const problem = amountProblem(written, 'USD/year', 1);
    return problem === undefined ? { value: { text: written, per: 'year' } } : { problem };
  }
  const problem = amountProblem(written, 'USD/work_hour', 0);
  return problem === undefined
    ? { value: { text: written.includes('/') ? written : `${written} USD/hour`, per: 'hour' } }
    : { problem: `${problem}; such as 91, 70 to 120 USD/hour or 110000 USD/year` };
}

function amountProblem(text: string, unit: string, min: number): string | undefined {
  try {
    const plain = Number(text);
    readAmount(text !== '' && Number.isFinite(plain) ? plain : text, unit, { min });
    return undefined;
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
}
