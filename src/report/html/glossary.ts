/** The terms of the page in plain words: all at its end, and those that a sentence of the first screen uses beside it. */
import { type Html, html } from '../escape.ts';
import { section } from './table.ts';

/** Term as it stands in texts, and what it means to who has never met it. */
const WORDS: readonly (readonly [string, string])[] = [
  [
    'strategy',
    'a way of getting at language models: straight from providers, through a gateway that somebody else runs, through one run by yourselves, or a mix.',
  ],
  ['baseline', 'the strategy that the others are compared with, mostly what is done today.'],
  [
    'net present cost',
    'all costs over the months compared, brought to the start: a dollar that is due later counts for a little less, since it could earn interest until then. Money spent plus value lost.',
  ],
  ['cash', 'what is on an invoice or a payroll. The rest is value lost, which no invoice shows.'],
  [
    'value lost',
    'what requests that fail in outages, and users who leave because answers are slow, would have been worth.',
  ],
  ['total', 'the same costs simply added up, with no discount for later months.'],
  ['horizon', 'the months that are compared.'],
  ['discount rate', 'by how much a dollar due a year later counts for less.'],
  [
    'break-even',
    'the point, in time, volume, price or hourly rate, at which two strategies have cost the same; beyond it the other one is cheaper.',
  ],
  ['loaded hourly rate', 'what an hour of an engineer costs in all: pay, taxes, place of work.'],
  ['markup', 'what a gateway adds to the providers’ prices for tokens.'],
  ['token', 'the piece of a word by which models are billed; a page of text has some 700.'],
  ['draw', 'one possible course of the world: every uncertain number gets one value, the same for all strategies.'],
  ['median', 'the middle: half of the draws lie below, half above.'],
  [
    'P5, P95',
    'five draws in a hundred lie below the P5 and five above the P95: between the two lie nine in ten. P10 and P90 likewise.',
  ],
  ['standard error', 'how far a figure from draws may be off because the draws are few. More draws make it smaller.'],
  ['expected regret', 'what the choice costs on average above the strategy that turns out cheapest.'],
  ['dominates', 'is no worse whatever happens: at no point of the range does it cost more.'],
  ['tornado', 'a chart that moves one uncertain number at a time and shows how far the answer moves with it.'],
  ['Sobol’ index', 'the share of all uncertainty in the difference that one number is to blame for.'],
  ['worth of measuring', 'what the choice would gain on average if the number were known before deciding.'],
  ['unpriced', 'usage for which no price is known. It is never taken as free: totals that it touches stay open.'],
  ['line item', 'one entry of the bill, with the formula and the inputs that it comes from.'],
  ['seller', 'who invoices: a price belongs to a seller and a model.'],
];

export const glossarySection = (): Html =>
  section(
    'words',
    'Words used here',
    html`<dl class="words">${WORDS.map(
      ([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>
`,
    )}</dl>
`,
  );

const BESIDE = ['loaded hourly rate', 'markup'];

/** The terms of a text that need a word beside them where they are met first. */
export const glosses = (text: string): Html | false => {
  const met = WORDS.filter(([term]) => BESIDE.includes(term) && text.includes(term));
  return met.length > 0 && html`${met.map(([term, meaning]) => html` <b>${upperFirst(term)}</b>: ${meaning}`)}`;
};

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
