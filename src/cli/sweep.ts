/**
 * `tollgate sweep <scenario.yaml>`: the cheapest strategy over two drivers, costs along one, or the values of an input at which
 * the recommendation changes.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Axis } from '../claims/axes.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Report } from '../report/contract.ts';
import type { Flips, LineOfDriver, MapOfDrivers } from '../results/driver-sweep.ts';

interface Flags {
  readonly x?: string;
  readonly y?: string;
  readonly xRange?: readonly [string, string];
  readonly yRange?: readonly [string, string];
  readonly find?: string;
  readonly findRange?: readonly [string, string];
  readonly steps: number;
  readonly draws: number;
  readonly list?: true;
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly variant?: string;
  readonly set: readonly string[];
  readonly out?: string;
  readonly png?: true;
  readonly json?: true;
}

const STEPS = 40;
const MOST_STEPS = 200;
const DRAWS = 500;
const MOST_DRAWS = 20_000;

/** `0..0.5`, `70 USD/hour..120 USD/hour` */
function range(text: string): readonly [string, string] {
  const [from = '', to = '', ...more] = text.split('..').map((side) => side.trim());
  if (from !== '' && to !== '' && more.length === 0) return [from, to];
  throw new InvalidArgumentError('Expected from..to, such as 0..0.5 or "70 USD/hour..120 USD/hour".');
}

function stepCount(text: string): number {
  const steps = Number(text);
  if (Number.isInteger(steps) && steps >= 2 && steps <= MOST_STEPS) return steps;
  throw new InvalidArgumentError(`Allowed are whole numbers from 2 to ${MOST_STEPS}.`);
}

function drawCount(text: string): number {
  const draws = Number(text);
  if (Number.isInteger(draws) && (draws === 0 || (draws >= 100 && draws <= MOST_DRAWS))) return draws;
  throw new InvalidArgumentError(`Allowed are 0 and whole numbers from 100 to ${MOST_DRAWS}.`);
}

export function addSweepCommand(program: Command): void {
  program
    .command('sweep')
    .description('the best strategy over two drivers, costs along one, or where the recommendation changes')
    .argument('<scenario.yaml>', 'the question, as YAML')
    .option('--x <path>', 'input that runs across, such as traffic.volume.requests_per_month')
    .option('--y <path>', 'input that runs up; without it: costs along --x')
    .option(
      '--x-range <from..to>',
      'its range, in its unit or as quantities (default: P5 to P95, or a usual one)',
      range,
    )
    .option('--y-range <from..to>', 'the same for --y', range)
    .option('--find <path>', 'values of this input at which the recommendation changes')
    .option('--find-range <from..to>', 'its range', range)
    .option('--steps <n>', 'steps of the grid along x; half as many along y', stepCount, STEPS)
    .option('--draws <n>', 'with --x alone: worlds to draw for the band of each break-even; 0: none', drawCount, DRAWS)
    .option('--list', 'print the inputs that can be varied, and nothing else')
    .option('--trace <file>', 'traffic to use in place of the scenario’s own')
    .option('--format <name>', 'format of the trace, where the guess is wrong')
    .option('--mapping <file>', 'column mapping of the trace')
    .option('--variant <name>', 'one of the scenario’s variants: its values in place of the scenario’s own')
    .option(
      '--set <path=value>',
      'change one place of the scenario (repeatable)',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--out <dir>', 'write sweep.json, sweep.svg and its spec there')
    .option('--png', 'with --out: draw the chart as PNG too')
    .option('--json', 'print sweep.json and nothing else')
    .action(sweep);
}

interface Found {
  readonly map?: MapOfDrivers;
  readonly line?: LineOfDriver;
  readonly flips?: Flips;
}

async function sweep(file: string, flags: Flags): Promise<void> {
  const [{ inputError }, { evaluateScenario }, { axisOf }, sweeps] = await Promise.all([
    import('../errors.ts'),
    import('./scenario-report.ts'),
    import('../claims/axes.ts'),
    import('../results/driver-sweep.ts'),
  ]);
  if (flags.x === undefined && flags.y !== undefined) throw inputError('SWEEP', '--y', 'needs --x beside it');
  if (flags.x === undefined && flags.find === undefined && flags.list === undefined)
    throw inputError('SWEEP', 'tollgate sweep', 'expected --x (with --y for a map), --find or --list');
  if (flags.png === true && flags.out === undefined) throw inputError('SWEEP', '--png', 'needs --out beside it');
  const { evaluation, report } = await evaluateScenario(file, { ...flags, isQuiet: flags.json === true });
  if (flags.list) {
    process.stdout.write(await inputsText(evaluation, flags.json === true));
    return;
  }
  const axis = (option: string, path: string, stated: readonly [string, string] | undefined): Axis =>
    axisOf(evaluation.prepared.model, path, { from: stated?.[0], to: stated?.[1] }, option, true);
  const x = flags.x === undefined ? undefined : axis('--x', flags.x, flags.xRange);
  const y = flags.y === undefined ? undefined : axis('--y', flags.y, flags.yRange);
  const find = flags.find === undefined ? undefined : axis('--find', flags.find, flags.findRange);
  const found: Found = {
    ...(x === undefined || y === undefined
      ? {}
      : { map: sweeps.mapOf(evaluation, x, y, { x: flags.steps, y: Math.ceil(flags.steps / 2) }) }),
    ...(x === undefined || y !== undefined ? {} : { line: sweeps.lineOf(evaluation, x, flags.steps, flags.draws) }),
    ...(find === undefined ? {} : { flips: sweeps.flipsOf(evaluation, find) }),
  };
  const json = `${JSON.stringify({ schema_version: 1, scenario: report.scenario.name, scenario_hash: report.scenario.hash, ...found }, undefined, 1)}\n`;
  const written = flags.out === undefined ? [] : await write(flags.out, found, json, report, flags.png === true);
  process.stdout.write(flags.json ? json : `${await inWords(found)}${written.map((name) => `${name}\n`).join('')}`);
}

async function inputsText({ prepared }: Evaluation, asJson: boolean): Promise<string> {
  const [{ variableInputs }, { quantity }, { specInWords }] = await Promise.all([
    import('../claims/axes.ts'),
    import('../report/format.ts'),
    import('../report/spec-words.ts'),
  ]);
  const inputs = variableInputs(prepared.model);
  if (asJson)
    return `${JSON.stringify(
      inputs.map(({ path, unit, central }) => ({ path, unit, value: central })),
      undefined,
      2,
    )}\n`;
  const width = Math.max(...inputs.map(({ path }) => path.length));
  return inputs
    .map(
      ({ path, central, unit, spec }) =>
        `${path.padEnd(width)}  ${quantity(Number(central.toPrecision(4)), unit)}${spec.is === 'point' ? '' : `, ${specInWords(spec)}`}\n`,
    )
    .join('');
}

async function inWords({ map, line, flips }: Found): Promise<string> {
  const [{ mapText, lineText, flipsText }, { colours }] = await Promise.all([
    import('../results/sweep-words.ts'),
    import('./colours.ts'),
  ]);
  const { bold, dim, blue, red, green, magenta, yellow, cyan } = colours();
  const paints = [blue, red, green, magenta, yellow, cyan];
  const paint = { bold, dim, strategy: (text: string, place: number) => paints[place % paints.length]!(text) };
  return [
    ...(map === undefined ? [] : [mapText(map, paint)]),
    ...(line === undefined ? [] : [lineText(line, paint)]),
    ...(flips === undefined ? [] : [flipsText(flips, paint)]),
  ].join('\n');
}

/** The chart is left out, and an earlier run's removed, where only a value was searched for. */
async function write(folder: string, { map, line }: Found, json: string, report: Report, png: boolean) {
  const [{ writeFiles }, { driverMapChart }, { driverLineChart }, { renderSvg }] = await Promise.all([
    import('./write-files.ts'),
    import('../report/charts/driver-map.ts'),
    import('../report/charts/driver-line.ts'),
    import('../io/render-chart.ts'),
  ]);
  const ids = report.strategies.map(({ id }) => id);
  const spec =
    map !== undefined
      ? driverMapChart(map, ids)
      : line !== undefined
        ? driverLineChart(line, ids, report.baseline)
        : undefined;
  const svg = spec === undefined ? null : await renderSvg(spec);
  const pngs = svg !== null && png ? await import('../io/render-png.ts') : null;
  const picture = pngs === null ? null : await pngs.renderPng(svg!);
  const lacking = pngs?.lackingWords([{ id: 'sweep', svg: svg! }]);
  if (lacking !== undefined) process.stderr.write(`${lacking}\n`);
  return writeFiles(folder, [
    ['sweep.svg', svg === null ? null : `${svg}\n`],
    ['sweep.png', picture],
    ['sweep.vl.json', spec === undefined ? null : `${JSON.stringify(spec, undefined, 2)}\n`],
    ['sweep.json', json],
  ]);
}
