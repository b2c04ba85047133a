/** A system that stands beside the price book, in the shape of all systems: what it is, how it meets the router, what is read of it. */
import type { BesideTheBook } from './beside-the-book.ts';
import { lines, nothing, plainRouter } from './snippets.ts';
import type { System, TraceFormat } from './system.ts';

export function beside(one: BesideTheBook, trace_formats: readonly TraceFormat[], verified: string): System {
  const isClient = one.kind === 'client';
  const isLibrary = one.brings.includes('fallback');
  const built = !isLibrary && one.brings.includes('retries') ? ['already_built: [rate_limit_handling]'] : [];
  return {
    id: one.id,
    name: one.name,
    kinds: [one.kind],
    also_called: one.also_called,
    what: one.what,
    fees: [],
    credits: [],
    discounts: [],
    running_it: [],
    capabilities: null,
    prices: [],
    outages: null,
    terms: [],
    access: [],
    trace_formats,
    verified,
    confidence: 'high',
    as_of: { oldest: one.as_of, newest: one.as_of },
    sources: [one.source],
    unverified: [],
    notes: [],
    use: {
      scenario: isClient
        ? lines(
            'traffic: {trace: my-requests.csv, models: {default: openai/gpt-4o-mini}}',
            'baseline: direct',
            `strategies: [{id: direct, kind: direct${isLibrary ? `, library: ${one.name}` : ''}}]`,
            ...built,
          )
        : lines(
            `traffic: {trace: my-export.json, format: ${trace_formats[0]?.format ?? 'tollgate'}}`,
            'baseline: direct',
            'strategies: [{id: direct, kind: direct}]',
          ),
      router: isClient ? plainRouter : nothing('it answers no requests; the router’s own log and metrics can go there'),
      smoke: isClient
        ? lines('targets:', '  - {target: "openai/gpt-4o-mini"}', '  - {target: "tollgate/openai/gpt-4o-mini"}')
        : nothing('it answers no requests'),
      code: one.code === undefined ? null : lines(...one.code),
    },
  };
}
