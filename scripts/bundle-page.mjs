/**
 * Bundles the scripts of pages, each one text without imports: src/page/main.ts of reports, which is its worker's too, and
 * src/page/ledger.ts of the ledger of claims. Node's modules, and packages that the page has no use for, end it with an error: they would mean that a stage was imported which
 * does not belong into a browser.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = (name) => fileURLToPath(new URL(`../src/page/${name}.ts`, import.meta.url));

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

async function bundle(name) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry(name)],
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
  if (foreign.length > 0) throw new Error(`the script ${name} holds packages: ${foreign.join(', ')}`);
  return { text: outputFiles[0].text, inputs: metafile.inputs };
}

export async function bundlePage() {
  const [page, ledger] = await Promise.all([bundle('main'), bundle('ledger')]);
  return { page: page.text, ledger: ledger.text, inputs: page.inputs };
}
