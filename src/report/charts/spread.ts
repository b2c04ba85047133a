/** Labels beside lines, parted so that none covers another. Positions in, positions out; it knows nothing of what they say. */
export const LINE_GAP = 17;

/** Positions at least a line apart and within 0..height where that is possible, in the order given. */
export function spread(wanted: readonly number[], height: number, gap = LINE_GAP): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const at = order.map((i) => wanted[i]!);
  for (let k = 1; k < at.length; k++) at[k] = Math.max(at[k]!, at[k - 1]! + gap);
  let limit = Math.max(height, (at.length - 1) * gap);
  for (let k = at.length - 1; k >= 0; k--) {
    at[k] = Math.min(at[k]!, limit);
    limit = at[k]! - gap;
  }
  const placed = new Array<number>(wanted.length);
  for (const [k, i] of order.entries()) placed[i] = at[k]!;
  return placed;
}
