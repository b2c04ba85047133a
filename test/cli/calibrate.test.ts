/** `tollgate calibrate` as people call it, in this process, on files of its own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCalibrateCommand } from '../../src/cli/calibrate.ts';
import { BANNER } from '../../src/cli/calibrate-words.ts';
import { InputError } from '../../src/errors.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import type { Measurements } from '../../src/measurements/contract.ts';
import { CANARY, DIRECT, exchange, figure, finding, measurementsOf, target } from '../calibration/measured.ts';
import { commands } from '../command.ts';

const QUESTION = `# what is asked
name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: mine.csv, volume: {requests_per_month: 100000}}
value:
  per_request: 0.05 USD
  latency: {churn_per_100ms: 1 %}
baseline: direct
engineering: {loaded_rate: 91 USD/hour, adapter: {build: 20 hours, upkeep: 1 hours/month}}
strategies:
  - {id: direct, kind: direct}
  - {id: margin, kind: managed_gateway, gateway: margin} # its hop is a guess
gateways:
  margin:
    name: Margin
    kind: managed
    hop_latency: {value: 5 to 15 ms, source: a guess}
    fees: {token_markup: {value: 1 %, source: its offer}}
`;
const MARGIN = target('margin/gpt-4o-mini', 'margin');
const measured = (hop: readonly [number, number, number], markup: number): Measurements =>
  measurementsOf(
    [DIRECT, MARGIN],
    [
      finding(MARGIN.id, 'latency', [
        figure('added_first_token_ms', hop[0], [hop[1], hop[2]]),
        figure('error_fraction', 0, [0, 0.168]),
      ]),
      finding(MARGIN.id, 'cost_reported', [figure('markup_fraction', markup, [markup, markup], 3)]),
    ],
    { evidence: [exchange('one', MARGIN.id)] },
  );

let folder: string;
const at = (name: string): string => path.join(folder, name);
const write = (name: string, text: string | object): string => {
  writeFileSync(at(name), typeof text === 'string' ? text : JSON.stringify(text));
  return at(name);
};
const { call } = commands(addCalibrateCommand);
const calibrate = (...args: string[]): Promise<string> => call('calibrate', at('question.yaml'), ...args);
const refused = async (...args: string[]): Promise<string> => {
  const error = await calibrate(...args).catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error(`not refused: ${String(error)}`);
  return error.message;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tollgate-calibrate-'));
  const rows = Array.from(
    { length: 200 },
    (_, i) => `2026-11-0${1 + (i % 7)}T0${i % 10}:00:00Z,openai,gpt-4o-mini,${1000 + i},100`,
  );
  write('mine.csv', `${['time,seller,model,input_tokens,output_tokens', ...rows].join('\n')}\n`);
  write('question.yaml', QUESTION);
  write('near.json', measured([10, 8, 12], 0.01));
  write('far.json', measured([120, 110, 130], 0.01));
  write('dear.json', measured([10, 8, 12], 2.5));
  write('simulated.json', { ...measured([10, 8, 12], 0.01), simulated: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tollgate calibrate', () => {
  it('prints each assumption beside what was measured, and that the answer stands', async () => {
    const text = await calibrate(at('near.json'));
    expect(text).toContain('Mine beside measurements of 2026-11-21 (20 rounds, sha256 ');
    expect(text).toMatch(
      /Latency that the gateway adds {2}gateways\.margin\.hop_latency \(margin\)\n {2}assumed +9\.\d+ ms, 5 ms to 15 ms \(90 %\); a guess\n {2}measured +10 ms, 8 ms to 12 ms \(95 %\); 20 samples, 2026-11-21, margin\/gpt-4o-mini: .*\n {2}within range/,
    );
    expect(text).toContain('The recommendation stands with measured values: margin.');
    expect(text).toMatch(/Net present cost, before and after\n {2}direct +\$[\d,]+ -> \$[\d,]+/);
  });

  it.each([
    ['hop', 'far.json', 'gateways.margin.hop_latency'],
    ['markup', 'dear.json', 'gateways.margin.fees.token_markup'],
  ])(
    'tells that a measured %s across the break-even changes the answer, and which value did it',
    async (_, name, place) => {
      const text = await calibrate(at(name));
      expect(text).toContain('The recommendation changes with measured values: from margin to direct.');
      const movers = text.slice(text.indexOf('What moves it')).split('\n');
      expect(movers[1]).toContain(`${place}: lead of margin −$`);
      expect(movers[1]).toContain('it alone changes the recommendation to direct');
      const json = JSON.parse(await calibrate(at(name), '--json'));
      expect(json).toMatchObject({
        schema_version: 1,
        simulated: false,
        answer: { before: { recommended: 'margin' }, after: { recommended: 'direct' } },
        written: null,
      });
      expect(json.answer.movers[0].path).toBe(place);
      expect(json.answer.movers[0].lead_change_usd).toBeLessThan(0);
      expect(json.answer.comparison.inputs.map((one: { name: string }) => one.name)).toContain(place);
    },
  );

  it('writes a copy with measured values, sources and days; all else stays as it was', async () => {
    expect(await calibrate(at('far.json'), '--write', at('copy.yaml'))).toContain(`Written: ${at('copy.yaml')}`);
    expect(readFileSync(at('question.yaml'), 'utf8')).toBe(QUESTION);
    const copy = readFileSync(at('copy.yaml'), 'utf8');
    const lines = QUESTION.split('\n');
    const left = copy.split('\n').filter((line) => !lines.includes(line));
    expect(left.map((line) => line.trim().split(':')[0])).toEqual(['hop_latency', 'fees']);
    const question = await readScenario(at('copy.yaml'), [], await readPriceBook());
    const { hop_latency, fees } = question.gateways.get('margin')!;
    expect(hop_latency!.central).toBeCloseTo(120, 6);
    expect(hop_latency).toMatchObject({ as_of: '2026-11-21', spec: { is: 'normal' } });
    expect(hop_latency!.source).toMatch(
      /^measured by tollgate smoke on 2026-11-21, target margin\/gpt-4o-mini, 20 rounds \(measurements sha256 [0-9a-f]{12}\)$/,
    );
    expect(fees.token_markup).toMatchObject({ central: expect.closeTo(0.01, 9), as_of: '2026-11-21' });
  });

  it('keeps the way to the traffic where the copy lies in another folder', async () => {
    mkdirSync(at('elsewhere'));
    await calibrate(at('near.json'), '--write', at('elsewhere/copy.yaml'));
    expect(readFileSync(at('elsewhere/copy.yaml'), 'utf8')).toContain('traffic: {trace: ../mine.csv,');
  });

  it('never writes over the scenario, and over another file only with --force', async () => {
    write('there.yaml', 'name: There\n');
    expect(await refused(at('near.json'), '--write', at('there.yaml'))).toContain('exists; add --force');
    expect(readFileSync(at('there.yaml'), 'utf8')).toBe('name: There\n');
    await calibrate(at('near.json'), '--write', at('there.yaml'), '--force');
    expect(readFileSync(at('there.yaml'), 'utf8')).toContain('name: Mine');
    const own = await refused(at('near.json'), '--write', path.join(folder, '.', 'question.yaml'), '--force');
    expect(own).toContain('is the scenario itself');
  });

  it('evaluates a scenario whose anchors it can’t edit, and writes no other meaning', async () => {
    const text = QUESTION.replace('hop_latency: {', 'hop_latency: &hop {').replace(
      '  - {id: direct, kind: direct}',
      '  - {id: direct, kind: direct}\n  - {id: other, kind: direct, hop_latency: *hop}',
    );
    const anchored = text.replace(/(strategies:[\s\S]*?)(gateways:[\s\S]*)/, '$2$1');
    write('question.yaml', anchored);
    const shown = await calibrate(at('near.json'));
    const error = await calibrate(at('near.json'), '--write', at('anchors.yaml')).catch(
      (thrown: Error) => thrown.message,
    );
    write('question.yaml', QUESTION);
    expect(shown).toContain('Net present cost, before and after');
    expect(error).toContain('holds anchors');
    expect(existsSync(at('anchors.yaml'))).toBe(false);
  });

  it('shows simulated values as such, writes them only where that is accepted, and never beside live ones', async () => {
    const text = await calibrate(at('simulated.json'));
    expect(text.split('\n')[1]).toBe(BANNER);
    expect(text).toContain('with simulated values');
    expect(await refused(at('simulated.json'), '--write', at('sim.yaml'))).toContain('add --accept-simulated');
    expect(existsSync(at('sim.yaml'))).toBe(false);
    await calibrate(at('simulated.json'), '--write', at('sim.yaml'), '--accept-simulated');
    const copy = readFileSync(at('sim.yaml'), 'utf8');
    expect(copy).toContain('simulated by tollgate smoke --stand-in');
    expect(copy).not.toContain('measured by tollgate smoke');
    write('question.yaml', copy.replace(/ {4}hop_latency: .*/, '    hop_latency: 5 ms'));
    const live = measurementsOf(
      [DIRECT, MARGIN],
      [finding(MARGIN.id, 'latency', [figure('added_first_token_ms', 9, [8, 10])])],
    );
    const mixed = await refused(write('live.json', live));
    write('question.yaml', QUESTION);
    expect(mixed).toContain('would hold values of live calls beside simulated ones');
  });

  it.each([
    ['{"recommendation": 1, "schema_version": 1}', /is no measurements\.json/],
    ['{"format": "tollgate-measurements", "version": 9, "tollgate": "9"}', /is of version 9/],
    ['nothing', /is no JSON/],
  ])('refuses a file that is none or of another version: %s', async (text, message) => {
    expect(await refused(write('wrong.json', text))).toMatch(message);
  });

  it('says which file is meant by a folder, and that a file is not there', async () => {
    expect(await refused(folder)).toBe(`${folder}: is a folder; \`tollgate smoke\` writes one`);
    write('measurements.json', measured([20, 18, 22], 0.05));
    expect(await refused(folder)).toBe(`${folder}: is a folder; there is ${at('measurements.json')}`);
    expect(await refused(at('no.json'))).toMatch(/^\S*no\.json: there is no such file; /);
  });

  it('names what was measured and what the scenario uses where nothing matches, and an --as that is none', async () => {
    const other = write('other.json', measurementsOf([target('vercel/x', 'vercel')], []));
    expect(await refused(other)).toContain("measured were vercel; the scenario's strategies use margin and openai");
    expect(await refused(other, '--as', 'vercel=margn')).toContain('did you mean "margin"');
    await expect(calibrate(other, '--as', 'vercel')).rejects.toThrow(/Expected target=system/);
    expect(await calibrate(other, '--as', 'vercel=margin')).toContain('not measured');
  });

  it('tells that a run was partial, and strategies of which nothing was measured', async () => {
    const gateway = finding(MARGIN.id, 'latency', [figure('error_fraction', 0, [0, 0.1])]);
    const partial = write('partial.json', measurementsOf([MARGIN], [gateway], { complete: false }));
    const text = await calibrate(partial);
    expect(text).toContain('The run is partial');
    expect(text).toContain('Nothing was measured of openai, which direct uses.');
  });

  it('prints and writes nothing that a target said', async () => {
    const text = await calibrate(at('far.json'), '--write', at('canary.yaml'));
    expect(text + (await calibrate(at('far.json'), '--json')) + readFileSync(at('canary.yaml'), 'utf8')).not.toContain(
      CANARY,
    );
  });
});
