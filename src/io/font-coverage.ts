/**
 * Which characters a TrueType font has a glyph for, by its character map. Takes the font's bytes, gives a test; of the tables
 * that such a map can have it reads the one for all of Unicode (format 12), which the fonts that are used here have.
 */

/** @throws where the font has no such table */
export function coverageOf(font: Uint8Array): (codePoint: number) => boolean {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const map = tableAt(view, 'cmap');
  for (let i = 0; i < view.getUint16(map + 2); i++) {
    const at = map + view.getUint32(map + 4 + 8 * i + 4);
    if (view.getUint16(at) !== 12) continue;
    const groups = Array.from({ length: view.getUint32(at + 12) }, (_, group) => {
      const start = at + 16 + 12 * group;
      return [view.getUint32(start), view.getUint32(start + 4)] as const;
    });
    return (codePoint) => groups.some(([first, last]) => codePoint >= first && codePoint <= last);
  }
  throw new Error('the font has no character map of format 12');
}

function tableAt(view: DataView, tag: string): number {
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
    if (name === tag) return view.getUint32(entry + 8);
  }
  throw new Error(`the font has no table "${tag}"`);
}
