import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { namedReport } from '../../src/reports-server/named-report.ts';
import { emptyFolder, putReport, reportNamed } from './shelf-of-reports.ts';

let here: string;
let reports: string;
const at = (...parts: string[]): string => path.join(here, ...parts);

beforeAll(() => {
  here = emptyFolder();
  reports = at('reports');
  putReport(reports, 'support-chatbot', 3, reportNamed('Support chatbot'));
  putReport(reports, '2026/team', 5, reportNamed('Team of three'));
  putReport(reports, 'no-page', 9, reportNamed('No page'), null);
  const written = new Date(Date.UTC(2026, 10, 5, 12));
  utimesSync(path.join(reports, '2026/team/report.html'), written, written);
  writeFileSync(at('chat.yaml'), 'name: x');
  writeFileSync(at('notes.txt'), '');
  mkdirSync(at('empty'));
});

const refusal = async (named: string | undefined, folder = reports): Promise<string> => {
  const error = await namedReport(named, folder).then(
    (found) => `found ${found}`,
    (problem: unknown) => problem,
  );
  if (error instanceof InputError) return error.message;
  throw error;
};

describe('the report that is meant', () => {
  it('is the newest that has a page, where nothing is named', async () => {
    expect(await namedReport(undefined, reports)).toBe(path.join(reports, '2026/team/report.html'));
  });

  it('is found by folder, page, report.json, name, letter case aside, or the scenario’s name', async () => {
    const page = path.join(reports, 'support-chatbot/report.html');
    const folder = path.join(reports, 'support-chatbot');
    for (const named of [
      folder,
      page,
      path.join(folder, 'report.json'),
      'support-chatbot',
      'Support-Chatbot',
      'support chatbot',
    ])
      expect(await namedReport(named, reports)).toBe(page);
    expect(await namedReport('2026/team', reports)).toBe(path.join(reports, '2026/team/report.html'));
    expect(await namedReport(reports, 'elsewhere')).toBe(path.join(reports, '2026/team/report.html'));
  });

  it.each([
    ['suport-chatbot', /^suport-chatbot: is no report under .*reports \(did you mean "support-chatbot"/],
    ['zzz', /^zzz: is no report under .*reports; there are no-page, 2026\/team, support-chatbot$/],
    ['no-page', /no-page\/report\.json: has no report\.html beside it; `tollgate run/],
    ['gone.html', /^gone\.html: there is no such file$/],
  ])('is asked for in words where "%s" is none', async (named, words) => {
    expect(await refusal(named)).toMatch(words);
  });

  it('is no scenario, no other file, no empty folder', async () => {
    expect(await refusal(at('chat.yaml'))).toBe(
      `${at('chat.yaml')}: is no report; \`tollgate run ${at('chat.yaml')}\` writes one and says where`,
    );
    expect(await refusal(at('notes.txt'))).toContain('expected a report.html, a report.json, a folder or a scenario');
    expect(await refusal(at('empty'))).toBe(
      `${at('empty')}: holds no report yet; \`tollgate run <scenario.yaml>\` writes one (--out DIR says where)`,
    );
  });

  it('can’t be the newest where there is no folder, an empty one or a file', async () => {
    expect(await refusal(undefined, at('nowhere'))).toMatch(/nowhere: there is no such folder; `tollgate run/);
    expect(await refusal('chat', at('nowhere'))).toMatch(/nowhere: there is no such folder/);
    expect(await refusal(undefined, at('empty'))).toMatch(/empty: holds no report yet/);
    expect(await refusal('chat', at('empty'))).toMatch(/^chat: is no report under .*empty, which holds no report yet/);
    expect(await refusal(undefined, at('notes.txt'))).toMatch(
      /notes\.txt: is a file; expected a folder that holds reports/,
    );
  });
});
