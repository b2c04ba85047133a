/**
 * Writes what docs/ derives from the code: every field of a scenario, how each cost is computed, what is not modelled, what
 * every command takes, what is known of every system, and the chart of the README. Run after a build: `npm run docs`, or with a folder to write there. A test says when they are out of date.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPriceBook } from '../dist/io/read-price-book.js';
import { scenarioJsonSchema } from '../dist/scenario/json-schema.js';
import { systemsMarkdown } from '../dist/systems/markdown.js';
import { knownSystems } from '../dist/systems/systems.js';
import { commandsText } from './docs/commands.mjs';
import { costsText, limitsText } from './docs/costs.mjs';
import { scenarioReference } from './docs/scenario-reference.mjs';
import { readSources } from './docs/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'docs');
const sources = await readSources();
const helpOf = (/** @type {readonly string[]} */ path) =>
  execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...path, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
const texts = {
  'scenario-reference': scenarioReference(scenarioJsonSchema()),
  'how-costs-are-computed': costsText(sources),
  limits: limitsText(sources),
  commands: commandsText(helpOf),
  systems: systemsMarkdown(knownSystems(await readPriceBook())),
};
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.md`), text);

const report = await mkdtemp(join(tmpdir(), 'tollgate-docs-'));
const run = ['dist/cli/main.js', 'run', 'scenarios/support-chatbot.yaml', '--quiet', '--draws', '0', '--out', report];
const { status } = spawnSync(process.execPath, run, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) throw new Error(`the README's scenario ended with ${status}`);
await copyFile(join(report, 'charts/cost-against-volume.svg'), join(folder, 'support-chatbot.svg'));
await rm(report, { recursive: true });
