/**
 * Sums of labels as tables: rows in a fixed order, added to each other, cut in two where a usage table is.
 *
 * Rows have no hour, so a cut shares each of them out like the usage of the same model, feature, band and tier; whole numbers
 * stay whole, and the two parts add up to what was cut.
 */
import { COUNT_METERS, SERVICE_TIERS } from '../meters.ts';
import { LABEL_FIELDS } from '../trace/request.ts';
import { byText } from '../units.ts';
import { type Bounds, LabelSums } from './label-sums.ts';
import type { LabelKey, LabelRow, Labels, LabelTable } from './labels.ts';
import { addSums, noSums, type Sums } from './sum-rows.ts';
import type { UsageRow } from './table.ts';

export function labelTable<K>(sums: LabelSums<K>, keyOf: (key: K) => LabelKey): LabelTable {
  const { beyond, named, rest } = sums.result();
  const rows: LabelRow[] = [];
  for (const [label, key, counts] of named) rows.push(rowOf(label, keyOf(key), counts));
  for (const [key, counts] of rest) rows.push(rowOf(null, keyOf(key), counts));
  return { rows: rows.sort(byLabel), ...(beyond === undefined ? {} : { beyond }) };
}

const rowOf = (label: string | null, { model, feature, band, tier }: LabelKey, sums: Readonly<Sums>): LabelRow => ({
  label,
  model,
  feature,
  band,
  tier,
  ...sums,
});

const byLabel = (a: LabelRow, b: LabelRow): number =>
  (a.label === null ? 1 : 0) - (b.label === null ? 1 : 0) ||
  byText(a.label ?? '', b.label ?? '') ||
  byText(a.model, b.model) ||
  byText(a.feature, b.feature) ||
  a.band - b.band ||
  SERVICE_TIERS.indexOf(a.tier) - SERVICE_TIERS.indexOf(b.tier);

/** A key of the usage of one model, feature, band and tier. */
export const labelKeyText = ({ model, feature, band, tier }: LabelKey): string =>
  JSON.stringify([model, feature, band, tier]);

export function mergeLabels(a: Labels | undefined, b: Labels | undefined, most?: Bounds): Labels | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged: { -readonly [F in keyof Labels]: Labels[F] } = {};
  for (const field of LABEL_FIELDS) {
    const tables = [a[field], b[field]].filter((table) => table !== undefined);
    if (tables.length > 0) merged[field] = mergeTables(tables, most);
  }
  return merged;
}

function mergeTables(tables: readonly LabelTable[], most?: Bounds): LabelTable {
  const sums = new LabelSums<string>(most);
  const keys = new Map<string, LabelKey>();
  const keyed = (row: LabelRow): string => {
    const key = labelKeyText(row);
    keys.set(key, row);
    return key;
  };
  for (const { rows, beyond } of tables) {
    const rest = rows.filter(({ label }) => label === null);
    sums.addRest(
      beyond,
      rest.map((row) => [keyed(row), row] as const),
    );
  }
  for (const { rows } of tables) for (const row of rows) if (row.label !== null) sums.add(row.label, keyed(row), row);
  return labelTable(sums, (key) => keys.get(key)!);
}

/** Labels of the first part and of the rest, as the rows of the usage table are split. */
export function splitLabels(
  labels: Labels,
  first: readonly UsageRow[],
  whole: readonly UsageRow[],
): readonly [Labels, Labels] {
  const [ofFirst, ofWhole] = [sumsByKey(first), sumsByKey(whole)];
  const parts: { -readonly [F in keyof Labels]: Labels[F] }[] = [{}, {}];
  for (const field of LABEL_FIELDS) {
    const table = labels[field];
    if (table === undefined) continue;
    const before = new Map<string, Record<string, number>>();
    const cut = table.rows.map((row): [LabelRow, LabelRow] => {
      const key = labelKeyText(row);
      const [a, b] = [{ ...row }, { ...row }];
      const seen = before.get(key) ?? {};
      before.set(key, seen);
      for (const meter of [...COUNT_METERS, 'requests'] as const) {
        const all = ofWhole.get(key)?.[meter] ?? 0;
        const share = all === 0 ? 0 : (ofFirst.get(key)?.[meter] ?? 0) / all;
        // Rounded sums rather than a sum of rounded parts: no part gets more than it has.
        const [from, until] = [seen[meter] ?? 0, (seen[meter] ?? 0) + row[meter]];
        seen[meter] = until;
        a[meter] = Math.round(share * until) - Math.round(share * from);
        b[meter] = row[meter] - a[meter];
      }
      return [a, b];
    });
    for (const [i, part] of parts.entries())
      part[field] = { ...table, rows: cut.map((two) => two[i]!).filter(countsAnything) };
  }
  return [parts[0]!, parts[1]!];
}

const countsAnything = (row: LabelRow): boolean => row.requests !== 0 || COUNT_METERS.some((meter) => row[meter] !== 0);

function sumsByKey(rows: readonly UsageRow[]): Map<string, Sums> {
  const byKey = new Map<string, Sums>();
  for (const row of rows) {
    const key = labelKeyText(row);
    const sums = byKey.get(key) ?? noSums();
    byKey.set(key, sums);
    addSums(sums, row);
  }
  return byKey;
}
