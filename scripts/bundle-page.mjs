/**
 * Bundles the script of the report's page: src/page/main.ts, one text without imports, which is its worker's too. Node's
 * modules, and packages that the page has no use for, end it with an error: they would mean that a stage was imported which
 * does not belong into a browser.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const main = fileURLToPath(new URL('../src/page/main.ts', import.meta.url));

/** Draws of random numbers. */
const SMALL = /node_modules\/pure-rand\//;

/** What the page never gets to: it draws by Latin hypercube alone, and what it is given names nothing wrongly. */
const LEFT_OUT = {
  name: 'left-out',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]sampling[\\/]sobol\.ts$/ }, () => ({
      contents: `export const SOBOL_DIMENSIONS = 0;
export const scrambledSobolColumn = () => { throw new Error('a page draws no Sobol\\u2019 points'); };`,
    }));
    onLoad({ filter: /src[\\/]nearest\.ts$/ }, () => ({
      contents: "export const didYouMean = () => ''; export const nearest = () => [];",
    }));
  },
};

export async function bundlePage() {
  const { outputFiles, metafile } = await build({
    entryPoints: [main],
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    platform: 'browser',
    charset: 'ascii',
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'warning',
    plugins: [LEFT_OUT],
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules') && !SMALL.test(path));
  if (foreign.length > 0) throw new Error(`the page's script holds packages: ${foreign.join(', ')}`);
  return { page: outputFiles[0].text, inputs: metafile.inputs };
}
