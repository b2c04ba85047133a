/**
 * The reports below a folder: every folder that holds a report.json or a report.html, newest first.
 *
 * Takes a folder, gives names (paths below it, by `/`) and times of writing; reads no report. Hidden folders, links to folders
 * and what lies deeper than four levels are passed over, so that a walk ends whatever it is pointed at.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { inputError } from '../errors.ts';
import { byText } from '../units.ts';

export interface FoundReport {
  /** `support-chatbot`, `2026/after`. */
  readonly name: string;
  readonly folder: string;
  readonly written_ms: number;
  readonly has_json: boolean;
  readonly has_html: boolean;
}

export const REPORT_JSON = 'report.json';
export const REPORT_HTML = 'report.html';

const DEPTH = 4;
const MOST_FOLDERS = 5000;
const PASSED_OVER = new Set(['node_modules', 'charts']);

/** Of a folder that is there; `.` is the name of a report that lies in the folder itself. */
export async function findReports(root: string): Promise<FoundReport[]> {
  const found: FoundReport[] = [];
  let waiting = [{ names: [] as string[] }];
  for (let walked = 0; waiting.length > 0 && walked < MOST_FOLDERS; ) {
    const deeper: typeof waiting = [];
    for (const { names } of waiting) {
      if (++walked > MOST_FOLDERS) break;
      const folder = path.join(root, ...names);
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const report = await reportIn(folder, names, entries);
      if (report !== undefined) found.push(report);
      if (names.length < DEPTH)
        for (const entry of entries) if (isWalked(entry)) deeper.push({ names: [...names, entry.name] });
    }
    waiting = deeper;
  }
  return found.sort((a, b) => b.written_ms - a.written_ms || byText(a.name, b.name));
}

const isWalked = (entry: Dirent): boolean =>
  entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name);

async function reportIn(
  folder: string,
  names: readonly string[],
  entries: readonly Dirent[],
): Promise<FoundReport | undefined> {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name && !entry.isDirectory());
  const [has_json, has_html] = [has(REPORT_JSON), has(REPORT_HTML)];
  if (!has_json && !has_html) return undefined;
  const written = await stat(path.join(folder, has_json ? REPORT_JSON : REPORT_HTML)).catch(() => undefined);
  return { name: names.join('/') || '.', folder, written_ms: written?.mtimeMs ?? 0, has_json, has_html };
}

const FIRST = '`tollgate run <scenario.yaml>` writes a report there';

/** What is to be said where somebody asks for a folder of reports that is none. */
export async function checkReportsFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error)
    throw inputError(
      'REPORTS_FOLDER',
      folder,
      found.code === 'ENOENT' ? `there is no such folder; ${FIRST}` : `can't be read: ${found.message}`,
    );
  if (found.isDirectory()) return;
  const above = path.dirname(folder);
  throw inputError(
    'REPORTS_FOLDER',
    folder,
    path.basename(folder) === REPORT_HTML || path.basename(folder) === REPORT_JSON
      ? `is one report; \`tollgate open ${folder}\` shows it, \`tollgate serve ${path.dirname(above)}\` shows all`
      : 'is a file; expected a folder that holds reports, such as reports',
  );
}

/** Of a folder. */
export const NO_REPORT_YET = 'holds no report yet; `tollgate run <scenario.yaml>` writes one (--out DIR says where)';
