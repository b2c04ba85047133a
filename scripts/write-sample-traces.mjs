/**
 * Writes the sample traces again: scenarios/traces/NAME.workload.json -> NAME.csv, with seed 1. Needs a build in dist/.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { csvText } from '../dist/io/write-csv.js';
import { canonicalRows } from '../dist/trace/canonical-rows.js';
import { workloadSpec } from '../dist/workload/schema.js';
import { synthesise } from '../dist/workload/synthesise.js';

const folder = new URL('../scenarios/traces/', import.meta.url);
for (const name of readdirSync(folder).filter((file) => file.endsWith('.workload.json'))) {
  const spec = workloadSpec.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  const text = csvText(canonicalRows([...synthesise(spec, 1)]));
  const target = name.replace('.workload.json', '.csv');
  writeFileSync(new URL(target, folder), text);
  console.log(`${target}: ${text.split('\n').length - 2} requests, ${text.length} bytes`);
}
