/**
 * Writes what docs/ derives from the code: every field of a scenario, how each cost is computed, what is not modelled. Run after a
 * build: `npm run docs`. A test says when they are out of date.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scenarioJsonSchema } from '../dist/scenario/json-schema.js';
import { costsText, limitsText } from './docs/costs.mjs';
import { scenarioReference } from './docs/scenario-reference.mjs';
import { readSources } from './docs/sources.mjs';

const sources = await readSources();
const texts = {
  'scenario-reference': scenarioReference(scenarioJsonSchema()),
  'how-costs-are-computed': costsText(sources),
  limits: limitsText(sources),
};
for (const [name, text] of Object.entries(texts))
  await writeFile(fileURLToPath(new URL(`../docs/${name}.md`, import.meta.url)), text);
