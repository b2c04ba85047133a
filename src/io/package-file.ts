/** Where the package's own files are, from src/ and from dist/ alike, and which version it is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A path inside the package. */
export const packagePath = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
