/**
 * What caches of every size and life would have hit, from one pass: a table of integers by band of reuse distance and band
 * of age (time since the last use). Whatever stands below a capacity and below a life is a hit, exactly, on the band edges.
 *
 *   hits(capacity, life) = sum of the cells with distance < capacity and age < life, life counted from the last use
 *
 * Example: reuses at (distance 0, age 5 s) and (distance 3, age 1 s), edges [2, 10] entries and [2 s, 60 s]: 0 hits at
 * (2, 2 s), 1 at (2, 60 s), 1 at (10, 2 s), 2 at (10, 60 s). Unit of capacity: entries, or blocks.
 * Tables add up where the parts share no entry (scopes, tenants with caches of their own); parts of one cache cut in time
 * do not, since reuse across the cut is lost. Life from insertion is not in it: measure that on a grid.
 */

/** What is counted: requests that hit anything, blocks, and tokens that no longer have to be sent or made. */
export const HIT_MEASURES = ['requests', 'blocks', 'input_tokens', 'output_tokens'] as const;
export type HitMeasure = (typeof HIT_MEASURES)[number];
export type HitCounts = Readonly<Record<HitMeasure, number>>;

/** Ascending; the last may be Infinity. */
export interface HitCurveEdges {
  readonly capacities: readonly number[];
  readonly lives_ms: readonly number[];
}

/** Plain data. `cells` are by capacity, then life, then measure; `total` counts everything seen, hits or not. */
export interface HitTable {
  readonly edges: HitCurveEdges;
  readonly cells: readonly number[];
  readonly total: HitCounts;
}

const MEASURES = HIT_MEASURES.length;

export class HitCurve {
  private readonly edges: HitCurveEdges;
  private readonly cells: Float64Array;
  private readonly total = new Float64Array(MEASURES);

  constructor(edges: HitCurveEdges) {
    for (const [name, list] of Object.entries(edges) as [string, readonly number[]][])
      if (list.length === 0 || list.some((edge, i) => !(edge > (list[i - 1] ?? 0))))
        throw new Error(`${name} of a hit curve ascend from above 0, not ${list.join(', ')}`);
    this.edges = edges;
    this.cells = new Float64Array(edges.capacities.length * edges.lives_ms.length * MEASURES);
  }

  /** Something was asked for, found or not. */
  seen(requests: number, blocks: number, input_tokens: number, output_tokens: number): void {
    addTo(this.total, 0, requests, blocks, input_tokens, output_tokens);
  }

  /** Something was asked for again; what lies above the last edges is no hit at any of them. */
  reused(
    distance: number,
    age_ms: number,
    requests: number,
    blocks: number,
    input_tokens: number,
    output_tokens: number,
  ): void {
    const { capacities, lives_ms } = this.edges;
    const row = bandOf(capacities, distance);
    const column = bandOf(lives_ms, age_ms);
    if (row === capacities.length || column === lives_ms.length) return;
    addTo(this.cells, (row * lives_ms.length + column) * MEASURES, requests, blocks, input_tokens, output_tokens);
  }

  table(): HitTable {
    return { edges: this.edges, cells: [...this.cells], total: countsOf([...this.total]) };
  }
}

/** What a cache of this capacity and life hits. Both are edges of the table: in between it is not known. */
export function hitsAt({ edges, cells }: HitTable, capacity: number, life_ms: number): HitCounts {
  const rows = edges.capacities.indexOf(capacity) + 1;
  const columns = edges.lives_ms.indexOf(life_ms) + 1;
  if (rows === 0) throw new Error(`capacity ${capacity} is no edge of ${edges.capacities.join(', ')}`);
  if (columns === 0) throw new Error(`life ${life_ms} ms is no edge of ${edges.lives_ms.join(', ')}`);
  const sums = HIT_MEASURES.map(() => 0);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let m = 0; m < MEASURES; m++)
        sums[m] = sums[m]! + cells[(row * edges.lives_ms.length + column) * MEASURES + m]!;
  return countsOf(sums);
}

/** The sum of two tables of caches that share no entry. */
export function mergeHitTables(one: HitTable, other: HitTable): HitTable {
  for (const name of ['capacities', 'lives_ms'] as const)
    if (one.edges[name].join() !== other.edges[name].join())
      throw new Error(
        `hit tables of ${name} ${one.edges[name].join(', ')} and ${other.edges[name].join(', ')} do not add up`,
      );
  return {
    edges: one.edges,
    cells: one.cells.map((count, i) => count + other.cells[i]!),
    total: countsOf(HIT_MEASURES.map((measure) => one.total[measure] + other.total[measure])),
  };
}

function addTo(
  array: Float64Array,
  at: number,
  requests: number,
  blocks: number,
  input_tokens: number,
  output_tokens: number,
): void {
  array[at] = array[at]! + requests;
  array[at + 1] = array[at + 1]! + blocks;
  array[at + 2] = array[at + 2]! + input_tokens;
  array[at + 3] = array[at + 3]! + output_tokens;
}

/** How many edges lie at or below a value. */
function bandOf(edges: readonly number[], value: number): number {
  let band = 0;
  while (band < edges.length && edges[band]! <= value) band++;
  return band;
}

const countsOf = ([requests = 0, blocks = 0, input_tokens = 0, output_tokens = 0]: readonly number[]): HitCounts => ({
  requests,
  blocks,
  input_tokens,
  output_tokens,
});
