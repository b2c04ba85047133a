/**
 * Draws an SVG as PNG at twice its size: the only door to resvg, loaded with the first picture.
 *
 * Texts are set in DejaVu Sans, regular and bold, as the package ships it, and in no font of the machine: the same SVG gives
 * the same bytes everywhere. A character that this font lacks (Chinese, pictures) is drawn as an empty box; the SVG shows it.
 */
import { createRequire } from 'node:module';
import { inputError } from '../errors.ts';

const FAMILY = 'DejaVu Sans';
const FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const SCALE = 2;

export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await resvg();
  const { resolve } = createRequire(import.meta.url);
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: FILES.map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`)),
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
    },
  });
  return drawn.render().asPng();
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
