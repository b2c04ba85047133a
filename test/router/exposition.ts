/**
 * A strict reader of Prometheus' text format 0.0.4, after its description: HELP and TYPE once and before the samples of their
 * family, families in one piece, names and labels as they may be, escapes, no series twice, histograms cumulative up to +Inf
 * with sum and count. Anything else is an error.
 */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

export function readExposition(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`HELP of ${name} twice`);
      families.set(name, { type: '', help: rest, samples: [] });
      current = name;
    } else if (kind === 'TYPE') {
      const family = families.get(name);
      if (family === undefined || name !== current || family.type !== '' || !TYPES.includes(rest))
        throw new Error(`misplaced: ${line}`);
      family.type = rest;
    } else {
      const sample = readSample(line);
      const family = families.get(current);
      if (family === undefined || family.type === '') throw new Error(`without a type: ${line}`);
      const ends = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!ends.some((end) => sample.name === current + end)) throw new Error(`not of ${current}: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      if (family.type === 'counter' && (!(sample.value >= 0) || !current.endsWith('_total')))
        throw new Error(`no counter: ${line}`);
      family.samples.push(sample);
    }
  }
  for (const [name, family] of families) {
    if (!NAME.test(name) || family.type === '') throw new Error(`no family: ${name}`);
    if (family.type === 'histogram') checkHistogram(name, family.samples);
  }
  return families;
}

function readSample(line: string): Sample {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name: ${line}`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const key = /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(line.slice(at))?.[0];
      if (key === undefined || key in labels || !line.startsWith('="', at + key.length))
        throw new Error(`no label: ${line}`);
      at += key.length + 2;
      let value = '';
      for (; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`no end of a label: ${line}`);
        if (line[at] !== '\\') value += line[at];
        else {
          const escaped = line[++at];
          if (escaped !== '\\' && escaped !== '"' && escaped !== 'n') throw new Error(`no escape: ${line}`);
          value += escaped === 'n' ? '\n' : escaped;
        }
      }
      labels[key] = value;
      at++;
      if (line[at] === ',') at++;
      else if (line[at] !== '}') throw new Error(`no comma: ${line}`);
    }
    at++;
  }
  const number = /^ ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/.exec(line.slice(at))?.[1];
  if (number === undefined) throw new Error(`no number: ${line}`);
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...rest } = sample.labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [key, all] of series) {
    const buckets = all.filter((one) => one.name === `${name}_bucket`);
    const edges = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')));
    const of = (end: string): Sample[] => all.filter((one) => one.name === `${name}${end}`);
    const isRising = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!);
    const isCumulative = buckets.every(({ value }, i) => i === 0 || value >= buckets[i - 1]!.value);
    const [sum, count] = [of('_sum'), of('_count')];
    const isWhole = edges.at(-1) === Number.POSITIVE_INFINITY && buckets.at(-1)?.value === count[0]?.value;
    if (!isRising || !isCumulative || !isWhole || sum.length !== 1 || count.length !== 1)
      throw new Error(`no histogram: ${name} ${key}`);
  }
}
