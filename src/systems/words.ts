/** A system in words, as sections of label and lines: what `tollgate systems NAME` prints and docs/systems.md holds. */
import { CAPABILITIES, type Capability } from '../capabilities.ts';
import { number } from '../report/format.ts';
import type { PriceRow, Snippet, System, WayIn } from './system.ts';

export interface SystemSection {
  readonly title: string;
  readonly lines: readonly string[];
  /** YAML or code, to be shown as it stands. */
  readonly code?: 'yaml' | 'text';
}

/** How many price rows are shown at most; the rest is counted. */
const MOST_PRICES = 12;

export function sectionsOf(system: System): SystemSection[] {
  const { use, capabilities } = system;
  return [
    { title: 'What it is', lines: system.what === null ? [] : [system.what] },
    {
      title: 'Fees',
      lines: system.fees.map(({ id, as_of, confidence, source, fees }) => {
        const said = fees.length === 0 ? 'none are known' : fees.join('; ');
        return `${id} (${as_of}, confidence ${confidence}): ${said}${source === null ? '' : `. ${source}`}`;
      }),
    },
    { title: 'Given', lines: system.credits },
    { title: 'Sellers’ discounts through it', lines: system.discounts },
    { title: 'Running it', lines: system.running_it },
    {
      title: 'Capabilities',
      lines:
        capabilities === null
          ? []
          : [
              `brought: ${named(capabilities.brought)}`,
              ...(capabilities.not_brought.length === 0 ? [] : [`not brought: ${named(capabilities.not_brought)}`]),
              ...(capabilities.not_known.length === 0
                ? []
                : [`not known, taken as not brought: ${named(capabilities.not_known)}`]),
            ],
    },
    { title: 'Prices, USD per million tokens', lines: pricesInWords(system.prices, system.id) },
    { title: 'Outages', lines: system.outages === null ? [] : [system.outages] },
    { title: 'Terms', lines: system.terms },
    { title: 'Live calls', lines: system.access.map(wayInWords) },
    {
      title: 'Logs that are read',
      lines: system.trace_formats.map(({ format, title }) => `${title}: --format ${format}`),
    },
    { title: 'How verified', lines: [system.verified] },
    ...snippet('In a scenario', use.scenario, 'yaml'),
    ...snippet('In a router’s file', use.router, 'yaml'),
    ...snippet('In targets.yaml of tollgate smoke', use.smoke, 'yaml'),
    ...(use.code === null ? [] : snippet('Before the router', use.code, 'text')),
    { title: 'Not verified', lines: system.unverified },
    { title: 'To know', lines: system.notes },
    { title: 'Sources', lines: system.sources },
  ].filter(({ lines }) => lines.length > 0);
}

/** The row of the table, beside its id; fees with `between` in between. */
export const rowOf = (system: System, between = '; '): readonly string[] => {
  const { fees, capabilities, prices, as_of } = system;
  const listed = fees[0]?.fees ?? [];
  const readings = fees.length > 1 ? `${between}${fees.length} readings of them` : '';
  return [
    system.kinds.join(', '),
    fees.length === 0 ? '' : `${listed.length === 0 ? 'not known' : listed.join(between)}${readings}`,
    capabilities === null ? '' : `${capabilities.brought.length} of ${Object.keys(CAPABILITIES).length}`,
    prices.length === 0 ? '' : String(prices.length),
    verifiedShort(system),
    as_of === null ? '' : as_of.newest,
  ];
};

export const ROW_HEAD = ['Kind', 'Fees', 'Brings', 'Prices', 'Verified', 'As of'] as const;

const verifiedShort = ({ verified, confidence }: System): string =>
  verified.startsWith('run') ? 'run here' : verified.startsWith('files') ? 'files read' : `sources, ${confidence}`;

const named = (ids: readonly Capability[]): string => (ids.length === 0 ? 'none' : ids.join(', '));

function pricesInWords(rows: readonly PriceRow[], seller: string): string[] {
  const shown = rows.slice(0, MOST_PRICES).map(({ model, tiers, as_of, confidence, ...usd }) => {
    const parts = [
      ['in', usd.input_usd_per_mtok] as const,
      ['cached', usd.cache_read_usd_per_mtok] as const,
      ['out', usd.output_usd_per_mtok] as const,
    ].flatMap(([name, value]) => (value === null ? [] : [`${name} ${number(value)}`]));
    const also = tiers.length === 0 ? '' : `; also ${tiers.join(', ')}`;
    return `${model}: ${parts.length === 0 ? 'by the piece' : parts.join(', ')}${also} (${as_of}, ${confidence})`;
  });
  const rest = rows.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more: tollgate price list --seller ${seller}`] : shown;
}

function wayInWords(one: WayIn): string {
  const parts = [
    `${one.way}: ${one.base_url ?? 'no public address'}`,
    `API of ${one.api}`,
    one.key_env === null ? 'no key' : `key ${one.key_env}`,
    ...(one.reports_cost === null ? [] : [`tells its cost in ${one.reports_cost}`]),
    ...(one.supports.length === 0 ? [] : [`documented: ${one.supports.join(', ')}`]),
    `${one.as_of}, confidence ${one.confidence}`,
  ];
  const asks = one.asks.length === 0 ? '' : `. Asks: ${one.asks.join(' ')}`;
  return `${parts.join('; ')}${asks}${one.note === null ? '' : `. ${one.note}`}`;
}

const snippet = (title: string, { lines, instead }: Snippet, code: 'yaml' | 'text'): SystemSection[] =>
  lines === null ? [{ title, lines: instead === null ? [] : [instead] }] : [{ title, lines, code }];
