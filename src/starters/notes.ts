/** What somebody should know of a scenario that was just written: what its trace holds, what is open, what was assumed. */
import type { PriceBook } from '../pricing/price-book.ts';
import { HOURS_PER_MONTH } from '../units.ts';
import type { Answers } from './answers.ts';
import { grouped, percent } from './yaml-text.ts';

const TOLD = 5;

export function notesOn({ trace, models, mapped, requests_per_month, gateways }: Answers, book: PriceBook): string[] {
  const notes: string[] = [];
  if (trace === undefined)
    notes.push(
      `Requests are made up, ${stated(requests_per_month)} a month on ${models.join(', ')}; sizes are assumptions.`,
    );
  else {
    const many = trace.requests === null ? `${grouped(trace.rows)} rows` : `${grouped(trace.requests)} requests`;
    const monthly =
      stated(requests_per_month) ??
      (trace.window === null || trace.requests === null
        ? undefined
        : `some ${grouped((trace.requests * HOURS_PER_MONTH) / trace.window.hours)}`);
    notes.push(`${trace.path} (${trace.format}): ${many}${monthly === undefined ? '' : `, ${monthly} a month`}.`);
    if (trace.unnamed_share > 0)
      notes.push(
        `${percent(trace.unnamed_share)} of it names no model and is priced as ${models[0]}; traffic.models.default says otherwise.`,
      );
  }
  const open = trace?.models.filter(({ card, name }) => card === undefined && mapped[name] === undefined) ?? [];
  for (const { name, nearest } of open.slice(0, TOLD))
    notes.push(
      `${name} has no price${nearest.length === 0 ? '' : `; nearest are ${nearest.join(', ')}`}. Until traffic.models says what it is, totals stay open.`,
    );
  if (open.length > TOLD) notes.push(`and ${open.length - TOLD} more models have none.`);
  const gaps = trace?.models.filter(({ lacks }) => lacks !== undefined) ?? [];
  for (const { lacks } of gaps.slice(0, TOLD)) notes.push(`${lacks}. Until \`prices\` states yours, totals stay open.`);
  for (const { id } of gateways) {
    const schedule = book.gateways.get(id);
    if (schedule?.confidence === 'none' || schedule?.confidence === 'low')
      notes.push(
        `What is known of ${schedule.name} is of ${schedule.confidence === 'none' ? 'no' : 'low'} confidence: see \`unverified\` in its file of the price book.`,
      );
  }
  return notes;
}

/** Plain numbers with their thousands told apart. */
const stated = (volume: string | undefined): string | undefined =>
  volume !== undefined && Number.isFinite(Number(volume)) ? grouped(Number(volume)) : volume;
