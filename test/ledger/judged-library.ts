/** The claims of the bundled scenarios, judged in this thread as `tollgate claims` judges them; once per test file. */
import { fileURLToPath } from 'node:url';
import { runJobs } from '../../src/cli/claims-workers.ts';
import { findScenarios } from '../../src/io/find-scenarios.ts';
import type { Ledger } from '../../src/ledger/contract.ts';
import { ledgerOf } from '../../src/ledger/ledger.ts';

export const LIBRARY = fileURLToPath(new URL('../../scenarios/', import.meta.url));

export async function judgedLibrary(): Promise<Ledger> {
  const { scenarios, problems } = await findScenarios(LIBRARY);
  const jobs = scenarios.flatMap(({ file, variants }) => variants.map((variant) => ({ file, variant })));
  const results = await runJobs(jobs, () => undefined);
  const told = problems.map(({ file, diagnostics }) => ({ file, messages: diagnostics.map(({ message }) => message) }));
  const judged = results.flatMap(({ result }, i) => {
    if ('judged' in result) return [result.judged];
    const messages =
      'bug' in result ? [result.bug] : result.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    told.push({ file: jobs[i]!.file, messages });
    return [];
  });
  return ledgerOf(judged, { version: '0', price_book_sha256: 'test', problems: told });
}
