/**
 * Bundles the scripts of the report's page: src/page/main.ts and worker.ts, each one file without imports. Gives their
 * text. Node's modules, and packages that the page has no use for, end it with an error: they would mean that a stage
 * was imported which does not belong into a browser.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const page = fileURLToPath(new URL('../src/page/', import.meta.url));

/** Draws of random numbers, and the distance of two words. */
const SMALL = /node_modules\/(?:pure-rand|fastest-levenshtein)\//;

export async function bundlePage() {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${page}main.ts`, `${page}worker.ts`],
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    platform: 'browser',
    charset: 'ascii',
    legalComments: 'none',
    outdir: page,
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules') && !SMALL.test(path));
  if (foreign.length > 0) throw new Error(`the page's scripts hold packages: ${foreign.join(', ')}`);
  const textOf = (name) => outputFiles.find(({ path }) => path.endsWith(`${name}.js`)).text;
  return { page: textOf('main'), worker: textOf('worker'), inputs: metafile.inputs };
}
