/** Where the public traces lie that some tests read: TOLLGATE_TRACES, or the folder beside the repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** undefined: not there, and the tests that need it are skipped. */
export function tracesFolder(): string | undefined {
  const folder = process.env.TOLLGATE_TRACES ?? resolve(import.meta.dirname, '../../shared/data/traces');
  return existsSync(folder) ? folder : undefined;
}
