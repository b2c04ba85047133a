/** The traffic that was measured: where from, how much, which models and features; its window in words. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { number, plural, share } from '../format.ts';
import { section, table } from './table.ts';

type Tokens = Report['traffic']['tokens'];

const HEADS = ['Input', 'Read from cache', 'Written to cache', 'Output'].map((head) => ({
  head: `${head}, tokens`,
  numeric: true,
}));
const cells = ({ input, cache_read, cache_write, output }: Tokens): string[] =>
  [input, cache_read, cache_write, output].map(number);

export function trafficSection({ traffic }: Report): Html {
  const { window } = traffic;
  const rows = (parts: readonly { readonly name: string; readonly requests: number; readonly tokens: Tokens }[]) =>
    parts.map(({ name, requests, tokens }) => [name, number(requests), ...cells(tokens)]);
  const requests = { head: 'Requests', numeric: true };
  return section(
    'traffic',
    'Traffic',
    html`<p>${traffic.source}. From ${instant(window.from)} until ${instant(window.until)}, ${span(window.hours)}: ${plural(traffic.requests, 'request')}${
      traffic.requests > 0 &&
      html`, of which ${number(traffic.failed_requests)} failed (${share(traffic.failed_requests / traffic.requests)})`
    }. Token counts are exclusive: cached tokens are not in the input, and output includes reasoning.</p>
`,
    table(
      'Traffic by model',
      [{ head: 'Model' }, requests, ...HEADS],
      [
        ...rows(traffic.models.map(({ model, ...rest }) => ({ name: model, ...rest }))),
        ['All', number(traffic.requests), ...cells(traffic.tokens)],
      ],
    ),
    traffic.features.length > 0 &&
      html`<h3>By feature</h3>
${table('Traffic by feature', [{ head: 'Feature' }, requests, ...HEADS], rows(traffic.features.map(({ feature, ...rest }) => ({ name: feature, ...rest }))))}`,
  );
}

const HOURS_PER_DAY = 24;
export const span = (hours: number): string =>
  hours < 2 * HOURS_PER_DAY
    ? plural(rounded(hours), 'hour')
    : `${plural(rounded(hours / HOURS_PER_DAY), 'day')} (${plural(rounded(hours), 'hour')})`;
const rounded = (value: number): number => Number(value.toPrecision(value < 100 ? 2 : 3));

/** `2026-11-02 00:00 UTC`; what is not such an instant is shown as it stands. */
export const instant = (text: string): string =>
  text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/, '$1 $2 UTC');
