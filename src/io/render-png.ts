/**
 * Draws an SVG as PNG at twice its size: the only door to resvg, loaded with the first picture.
 *
 * Texts are set in DejaVu Sans, regular and bold, as the package ships it, and in no font of the machine: the same SVG gives
 * the same bytes everywhere. A character that this font lacks (Chinese, pictures) is drawn as an empty box, while the SVG
 * shows it: `lackingIn` names those of a chart.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inputError } from '../errors.ts';
import { coverageOf } from './font-coverage.ts';

const FAMILY = 'DejaVu Sans';
const FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const SCALE = 2;
const MOST_NAMED = 12;

export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await resvg();
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: FILES.map(fontPath),
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
    },
  });
  return drawn.render().asPng();
}

const fontPath = (file: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);

let covers: ((codePoint: number) => boolean) | undefined;

/** Marks of direction and joiners draw nothing. */
const UNSEEN = /[\p{Cf}\p{Cc}\s]/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Characters in the texts of an SVG that the font of a PNG has not, each once. */
export function lackingIn(svg: string): string[] {
  covers ??= coverageOf(readFileSync(fontPath(FILES[0]!)));
  const texts = [...svg.matchAll(/<(?:text|tspan)\b[^>]*>([^<]*)/g)].map(([, text]) =>
    text!
      .replace(/&#(x?)([\da-f]+);/gi, (_, hex: string, digits: string) =>
        String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
      )
      .replace(/&(\w+);/g, (all, name: string) => ENTITIES[name] ?? all),
  );
  return [...new Set(texts.join(''))].filter((one) => !UNSEEN.test(one) && !covers!(one.codePointAt(0)!));
}

/** What is said of PNGs in which characters are missing, by chart; undefined: none is. */
export function lackingWords(charts: readonly { readonly id: string; readonly svg: string }[]): string | undefined {
  const found = charts.flatMap(({ id, svg }) => {
    const lacking = lackingIn(svg);
    return lacking.length === 0
      ? []
      : `${id} (${lacking.slice(0, MOST_NAMED).join(' ')}${lacking.length > MOST_NAMED ? ' …' : ''})`;
  });
  return found.length === 0
    ? undefined
    : `The font of the PNG charts lacks characters, which are drawn as empty boxes: ${found.join(', ')}. The SVG of each shows them.`;
}

/** The package is machine code, which some platforms have no build of. */
async function resvg(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (error) {
    const why = `no PNG can be drawn on this platform (${process.platform} ${process.arch}): ${(error as Error).message}`;
    throw inputError('PNG_NOT_DRAWN', '--png', `${why}. Without --png the charts are written as SVG`);
  }
}
