/**
 * What the router is to reach, each as a figure beside a limit: the only place where limits stand. A figure is the median over
 * rounds of what was found within each round; where a part was not measured, the bar says so.
 */
import { differences, ratios } from './statistics.mjs';

const MOST_CPU = 1.25;
const LEAST_THROUGHPUT = 8;
const MOST_ADDED_MS = 0.5;
const MOST_ADDED_FIRST_MS = 1;
const MOST_STALLED_MB = 32;
const MOST_STREAMS_MB = 128;

const added = (words, measure, figure, limit) => ({
  words,
  unit: 'ms',
  limit,
  isMost: true,
  figure: ({ of }) => differences(of(measure, 'router', figure), of(measure, 'bare', figure)),
});

const grown = (words, id, limit) => ({
  words,
  unit: 'MiB',
  limit,
  isMost: true,
  figure: ({ memory }) => {
    const { grew_mb, streams = 0, ended = 0 } = memory.get(id)?.get('router') ?? {};
    if (grew_mb === undefined) return undefined;
    const told = streams === 0 ? '' : `, ${ended} of ${streams} ended`;
    return {
      median: ended === streams ? grew_mb : Number.POSITIVE_INFINITY,
      words: `${grew_mb.toFixed(1)} MiB${told}`,
    };
  },
});

export const BARS = [
  {
    words: 'CPU per request, router / bare',
    unit: 'x',
    limit: MOST_CPU,
    isMost: true,
    figure: ({ of }) => ratios(of('json_32', 'router', 'cpu_us'), of('json_32', 'bare', 'cpu_us')),
  },
  {
    words: 'throughput, router / Portkey',
    unit: 'x',
    limit: LEAST_THROUGHPUT,
    isMost: false,
    figure: ({ of }) => ratios(of('json_32', 'router', 'per_s'), of('json_32', 'portkey', 'per_s')),
  },
  added('added p50 over bare, 1 client', 'json_1', 'p50_ms', MOST_ADDED_MS),
  added('added p50 over bare, 200 a second', 'open_200', 'p50_ms', MOST_ADDED_MS),
  added('added p50 over bare, 1,000 a second', 'open_1000', 'p50_ms', MOST_ADDED_MS),
  added('added time to first token, chunks 20 ms apart', 'stream_20', 'first_p50_ms', MOST_ADDED_FIRST_MS),
  added('added time to first token, no gap, busy', 'stream_0', 'first_p50_ms', MOST_ADDED_FIRST_MS),
  grown('memory for a client that never reads', 'stalled', MOST_STALLED_MB),
  grown('memory for 1,000 open streams, all of which end', 'open_streams', MOST_STREAMS_MB),
];

/** `{ words, limit, found, isMet }`; without a figure `isMet` is undefined. */
export function judge({ samples, memory }) {
  const of = (measure, target, figure) => (samples.get(measure)?.get(target) ?? []).map((sample) => sample[figure]);
  return BARS.map(({ figure, ...bar }) => {
    const found = figure({ of, memory });
    if (found === undefined) return { ...bar, found, isMet: undefined };
    const isMet = bar.isMost ? found.median <= bar.limit : found.median >= bar.limit;
    return { ...bar, found, isMet };
  });
}
