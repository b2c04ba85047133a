/**
 * The scenarios below a folder that make claims: every YAML file that reads like a scenario, in the order of their paths.
 *
 * Takes a folder or one file; gives files with the variants that their claims name. Folders of routers, traces and workloads,
 * hidden ones and YAML of other contracts are passed over. A file that is no YAML is told. Nothing is resolved here.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Diagnostic, InputError, inputError } from '../errors.ts';
import { byText } from '../units.ts';
import { readYaml } from './read-yaml.ts';

export interface FoundScenario {
  readonly file: string;
  /** null: the scenario itself. */
  readonly variants: readonly (string | null)[];
  /** Numbers of the ledger that its claims name. */
  readonly numbers: readonly string[];
}

export interface FoundScenarios {
  readonly scenarios: readonly FoundScenario[];
  readonly problems: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[];
}

const PASSED_OVER = new Set(['routers', 'traces', 'workloads', 'node_modules']);
const DEPTH = 6;

/** Throws an InputError where there is no such folder. */
export async function findScenarios(root: string): Promise<FoundScenarios> {
  const found = await stat(root).catch(() => undefined);
  if (found === undefined) throw inputError('CLAIMS_FOLDER', root, 'there is no such folder or file');
  const files = found.isDirectory() ? (await yamlBelow(root, 0)).sort(byText) : [root];
  const scenarios: FoundScenario[] = [];
  const problems: { file: string; diagnostics: readonly Diagnostic[] }[] = [];
  for (const file of files) {
    try {
      const scenario = claimingScenario(file, (await readYaml(file)).value);
      if (scenario !== undefined) scenarios.push(scenario);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push({ file, diagnostics: error.diagnostics });
    }
  }
  return { scenarios, problems };
}

async function yamlBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const file = path.join(folder, entry.name);
      if (isWalked(entry) && depth < DEPTH) return yamlBelow(file, depth + 1);
      return entry.isFile() && /\.ya?ml$/i.test(entry.name) ? [file] : [];
    }),
  );
  return found.flat();
}

const isWalked = (entry: Dirent): boolean =>
  entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name);

/** What can be told before the contract is asked; claims that are malformed go to it as they are. */
function claimingScenario(file: string, value: unknown): FoundScenario | undefined {
  const { strategies, claims } = (value ?? {}) as { strategies?: unknown; claims?: unknown };
  if (strategies === undefined || !Array.isArray(claims) || claims.length === 0) return undefined;
  const of = (key: 'variant' | 'of') =>
    claims.map((claim: unknown) => {
      const named = (claim as Record<string, unknown> | null)?.[key];
      return typeof named === 'string' ? named : null;
    });
  return {
    file,
    variants: [...new Set(of('variant'))].sort((a, b) => (a === null ? -1 : b === null ? 1 : byText(a, b))),
    numbers: [...new Set(of('of'))].filter((number) => number !== null),
  };
}
