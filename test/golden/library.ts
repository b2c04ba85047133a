/** The scenarios that the project ships, and what is kept of each one's report so that a change of it shows in a review. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { evaluateScenario } from '../../src/cli/scenario-report.ts';
import type { Report } from '../../src/report/contract.ts';
import { laidOut, renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Folders of what is no scenario. */
const OTHER = ['routers', 'traces'];

/** Below scenarios/, without ending: `claims/local-cache`. */
export const shippedScenarios = (): string[] =>
  readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml') && !OTHER.includes(path.split('/')[0]!))
    .map((path) => path.replace(/\.yaml$/, ''))
    .sort();

export const reportOf = async (name: string): Promise<Report> => {
  const file = `scenarios/${name}.yaml`;
  const { report } = await evaluateScenario(join(ROOT, file), { set: [], isQuiet: true });
  return {
    ...report,
    provenance: {
      ...report.provenance,
      command: `tollgate run ${file}`,
      inputs: report.provenance.inputs.map((one) => ({ ...one, name: one.name.replace(`${ROOT}/`, '') })),
    },
  };
};

const DIGITS = 9;
const MOST_NUMBERS = 6;

/**
 * report.json without what changes for reasons of its own (hashes, versions) and without curves: lists of months are their first and
 * last value and their sum, numbers have nine digits, so that platforms agree.
 */
export function goldenJson(report: Report): string {
  const { provenance, sweeps, ...kept } = JSON.parse(renderJson(report)) as Report;
  return laidOut(condensed(kept));
}

function condensed(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) {
    if (value.length <= MOST_NUMBERS || !value.every((one) => typeof one === 'number')) return value.map(condensed);
    const sum = value.reduce((total: number, one: number) => total + one, 0);
    return condensed({ first: value[0], last: value.at(-1), sum });
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, condensed(one)]));
}

/** report.md up to the section on how it came about, which holds hashes. */
export const goldenMarkdown = (report: Report): string =>
  `${renderMarkdown(report).split('\n## How to get the same report again')[0]!.trimEnd()}\n`;
