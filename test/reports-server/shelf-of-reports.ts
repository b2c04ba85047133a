/** A folder of reports to serve: made anew for each test file, gone with the run's own folder. */
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Report } from '../../src/report/contract.ts';
import { renderJson } from '../../src/report/json.ts';
import { report } from '../report/fixture.ts';

export const emptyFolder = (): string => mkdtempSync(path.join(tmpdir(), 'reports-'));

export const PAGE = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-abc=&#39;">
<title>A report</title></head><body><p>page of a report</p></body></html>
`;

/** The fixture under a name of its own. */
export function reportNamed(name: string, change: (report: Report) => void = () => undefined): Report {
  const named = structuredClone(report);
  named.scenario = { ...named.scenario, name };
  change(named);
  return named;
}

/** @param day of November 2026 on which it was written */
export function putReport(
  root: string,
  name: string,
  day: number,
  report: Report | string,
  page: string | null = PAGE,
): void {
  const folder = path.join(root, name);
  mkdirSync(folder, { recursive: true });
  const json = path.join(folder, 'report.json');
  writeFileSync(json, typeof report === 'string' ? report : renderJson(report));
  if (page !== null) writeFileSync(path.join(folder, 'report.html'), page);
  const written = new Date(Date.UTC(2026, 10, day, 12));
  utimesSync(json, written, written);
}
