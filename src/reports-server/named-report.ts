/**
 * Which report somebody means by a path or a name: a folder, a report.html, a report.json, a folder's name under the reports,
 * or the name of a scenario; by nothing, the newest. Of several runs of one scenario it is the newest.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { inputError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import {
  checkReportsFolder,
  type FoundReport,
  findReports,
  NO_REPORT_YET,
  REPORT_HTML,
  REPORT_JSON,
} from './find-reports.ts';
import { readShelf, type ShelvedReport } from './shelf.ts';

/** The path of its HTML. */
export async function namedReport(named: string | undefined, reports: string): Promise<string> {
  if (named === undefined) {
    await checkReportsFolder(reports);
    return newestIn(reports);
  }
  const found = await stat(named).catch(() => undefined);
  if (found?.isFile() === true) return ofFile(named);
  if (found?.isDirectory() === true && (await findReports(named)).length > 0) return newestIn(named);
  if (found === undefined && /\.(html|json|ya?ml)$/i.test(named))
    throw inputError('OPEN', named, 'there is no such file');
  // A folder without reports that lies here by chance hides no report of its name.
  const meant = await byName(named, reports, found !== undefined);
  return meant === undefined ? newestIn(named) : pageOf(meant);
}

async function ofFile(file: string): Promise<string> {
  const name = path.basename(file);
  if (/\.html?$/i.test(name)) return file;
  if (name === REPORT_JSON) return besideJson(file);
  throw inputError(
    'OPEN',
    file,
    /\.ya?ml$/i.test(name)
      ? `is no report; \`tollgate run ${file}\` writes one and says where`
      : `is no report; expected a ${REPORT_HTML}, a ${REPORT_JSON}, a folder or a scenario's name`,
  );
}

async function newestIn(folder: string): Promise<string> {
  const found = await findReports(folder);
  const shown = found.find(({ name, has_html }) => has_html && name === '.') ?? found.find(({ has_html }) => has_html);
  const first = shown ?? found[0];
  if (first === undefined) throw inputError('OPEN', folder, NO_REPORT_YET);
  return pageOf(first);
}

function pageOf({ folder, has_html }: FoundReport): string {
  if (has_html) return path.join(folder, REPORT_HTML);
  throw inputError('OPEN', path.join(folder, REPORT_JSON), WITHOUT_PAGE);
}

const WITHOUT_PAGE = `has no ${REPORT_HTML} beside it; \`tollgate run <scenario.yaml> --out DIR\` writes both`;

async function besideJson(json: string): Promise<string> {
  const page = path.join(path.dirname(json), REPORT_HTML);
  if ((await stat(page).catch(() => undefined))?.isFile() === true) return page;
  throw inputError('OPEN', json, WITHOUT_PAGE);
}

/** A folder's name first, then a scenario's, whatever its letter case. */
async function byName(named: string, reports: string, mayBeMissing: boolean): Promise<FoundReport | undefined> {
  if (mayBeMissing && !(await stat(reports).catch(() => undefined))?.isDirectory()) return undefined;
  await checkReportsFolder(reports);
  const { reports: shelf } = await readShelf(reports);
  const wanted = named.toLowerCase();
  const found =
    shelf.find(({ name }) => name === named) ??
    shelf.find(({ name }) => name.toLowerCase() === wanted) ??
    shelf.find(({ summary }) => summary?.scenario.toLowerCase() === wanted);
  if (found !== undefined || mayBeMissing) return found;
  throw inputError('OPEN', named, `is no report under ${reports}${nearby(named, shelf)}`);
}

const MOST_NAMED = 10;

function nearby(named: string, shelf: readonly ShelvedReport[]): string {
  if (shelf.length === 0) return `, which ${NO_REPORT_YET}`;
  const meant = didYouMean(
    named,
    shelf.flatMap(({ name, summary }) => (summary === undefined ? [name] : [name, summary.scenario])),
  );
  if (meant !== '') return meant;
  const names = shelf.slice(0, MOST_NAMED).map(({ name }) => name);
  return `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}${shelf.length > MOST_NAMED ? ', …' : ''}`;
}
