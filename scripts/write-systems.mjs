/**
 * Writes docs/systems.md, what is known of every system, from the price book and dist/. Run after a build:
 * `node scripts/write-systems.mjs`. A test says when it is out of date.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readPriceBook } from '../dist/io/read-price-book.js';
import { systemsMarkdown } from '../dist/systems/markdown.js';
import { knownSystems } from '../dist/systems/systems.js';

const path = fileURLToPath(new URL('../docs/systems.md', import.meta.url));
await mkdir(new URL('../docs/', import.meta.url), { recursive: true });
await writeFile(path, systemsMarkdown(knownSystems(await readPriceBook())));
