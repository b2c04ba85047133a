/**
 * Writes dist/price-book.json: the price book's YAML, parsed, so that the command line starts faster. Run after a build;
 * without it, or after an edit of the YAML, everything works the same, some 300 ms slower.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPILED_PATH, compileYaml } from '../dist/io/compiled-yaml.js';
import { PRICE_BOOK_DIR } from '../dist/io/read-price-book.js';

const names = await readdir(PRICE_BOOK_DIR, { recursive: true });
const paths = names.filter((name) => name.endsWith('.yaml')).sort();
await writeFile(COMPILED_PATH, await compileYaml(paths.map((name) => join(PRICE_BOOK_DIR, name))));
