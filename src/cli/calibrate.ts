/** `tollgate calibrate <scenario> <measurements.json>`: assumptions beside what live calls measured, and the answer with both. */
import { type Command, InvalidArgumentError, Option } from 'commander';

interface Flags {
  readonly write?: string;
  readonly force?: true;
  readonly acceptSimulated?: true;
  readonly as: ReadonlyMap<string, string>;
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly prices?: string;
  readonly json?: true;
}

function pair(text: string, all: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  const [target, system] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (target === '' || system === '')
    throw new InvalidArgumentError('Expected target=system, such as "stand-in gateway=openrouter".');
  return new Map([...all, [target, system]]);
}

export function addCalibrateCommand(program: Command): void {
  program
    .command('calibrate')
    .description('each assumption beside what live calls measured, and what the answer becomes')
    .argument('<scenario.yaml>', 'the question, as YAML')
    .argument('<measurements.json>', 'what `tollgate smoke` measured')
    .option('--write <file>', 'a copy of the scenario with measured values in place of assumed ones')
    .option('--force', 'write over a file that is there; never over the scenario')
    .option('--accept-simulated', 'write values of a stand-in too; their source says so')
    .addOption(
      new Option(
        '--as <target=system>',
        'take a measured target, or all of a system, as this gateway or seller of the scenario (repeatable)',
      )
        .argParser(pair)
        .default(new Map<string, string>(), 'none'),
    )
    .option('--trace <file>', 'traffic to use in place of the scenario’s own')
    .option('--format <name>', 'format of the trace, where the guess is wrong')
    .option('--mapping <file>', 'column mapping of the trace')
    .option('--prices <dir>', 'price book to use in place of the project’s own')
    .option('--json', 'print JSON')
    .action(runCalibrate);
}

const WRITTEN = ['reports/smoke/measurements.json', 'reports/smoke-stand-in/measurements.json'] as const;

/** Names what runs of `smoke` left, live or simulated, where the file that was named is not there. */
async function refuseMissing(file: string): Promise<void> {
  const [{ statSync }, { join }, { inputError }] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('../errors.ts'),
  ]);
  const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return;
  const inside = join(file, 'measurements.json');
  const there = found === undefined ? WRITTEN.filter(isFile) : [inside].filter(isFile);
  const what = found === undefined ? 'there is no such file' : 'is a folder';
  const instead = there.length === 0 ? '`tollgate smoke` writes one' : `there is ${there.join(' and ')}`;
  throw inputError('MEASUREMENTS', file, `${what}; ${instead}`);
}

async function runCalibrate(file: string, measured: string, flags: Flags): Promise<void> {
  const [
    { readMeasurements },
    { fileDigest },
    { readText },
    { calibrate },
    { answerChange },
    { openAnswers },
    { copyText, refuseMixed, refuseTarget, writeCopy },
    { inputError },
    { pathText, setText },
  ] = await Promise.all([
    import('../io/read-measurements.ts'),
    import('../io/file-digest.ts'),
    import('../io/read-yaml.ts'),
    import('../calibration/calibrate.ts'),
    import('../calibration/answer-change.ts'),
    import('./calibrate-answers.ts'),
    import('./calibrate-copy.ts'),
    import('../errors.ts'),
    import('../calibration/edit.ts'),
  ]);
  await refuseMissing(measured);
  const measurements = await readMeasurements(measured);
  const sha256 = await fileDigest(measured);
  if (flags.write !== undefined) {
    refuseTarget(file, flags.write, flags.force === true);
    if (measurements.simulated && flags.acceptSimulated !== true)
      throw inputError(
        'CALIBRATE_SIMULATED',
        measured,
        'is simulated: a stand-in answered. Measure live routes, or add --accept-simulated to write it all the same',
      );
  }
  const answers = await openAnswers(file, { ...flags, isQuiet: flags.json === true });
  const found = calibrate(answers.before.evaluation, measurements, { sha256, file: measured, taken_as: flags.as });
  const original = await readText(file);
  refuseMixed(original, file, found.edits);
  if (flags.write !== undefined && found.edits.length === 0)
    throw inputError(
      'CALIBRATE_WRITE',
      `--write ${flags.write}`,
      'nothing was measured that the scenario has a place for',
    );

  const copy = flags.write === undefined ? undefined : copyText(original, file, found.edits, flags.write);
  const sets = found.edits.map((edit) => [pathText(edit.keys), setText(edit)] as const);
  const after = await answers.withSets(sets.map(([, set]) => set));
  const alone = new Map<string, typeof after.report>();
  for (const [place, set] of sets)
    alone.set(place, sets.length === 1 ? after.report : (await answers.withSets([set])).report);
  const answer = answerChange(answers.before.report, after.report, alone);
  if (flags.write !== undefined && copy !== undefined) await writeCopy(flags.write, copy);

  const { name } = answers.before.report.scenario;
  if (flags.json) {
    const written = flags.write ?? null;
    const { simulated } = measurements;
    const out = { schema_version: 1, scenario: name, simulated, ...found, answer, written };
    process.stdout.write(`${JSON.stringify(out, undefined, 2)}\n`);
    return;
  }
  const [{ calibrationText }, { colours }] = await Promise.all([
    import('./calibrate-words.ts'),
    import('./colours.ts'),
  ]);
  const { bold, dim, green, red } = colours();
  process.stdout.write(calibrationText(name, found, answer, { bold, dim, good: green, bad: red }));
  if (flags.write !== undefined) process.stdout.write(`Written: ${flags.write}\n`);
}
