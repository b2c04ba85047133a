/**
 * `tollgate init [file]`: a first scenario of one's own. Asks on a terminal what flags leave open, reads the trace if there is
 * one, and writes one commented YAML that runs at once; all is checked before anything is written.
 */
import type { Command } from 'commander';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Answers, Read } from '../starters/answers.ts';
import type { Situation } from '../starters/situation.ts';
import type { Questions } from './init-questions.ts';
import type { TracePlace } from './init-trace.ts';

export interface InitFlags {
  readonly situation?: string;
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly model?: string;
  readonly requestsPerMonth?: string;
  readonly gateway?: string;
  readonly rate?: string;
  readonly start?: string;
  readonly yes?: true;
  readonly force?: true;
}

const FILE = 'scenario.yaml';
const INTERRUPTED = 130;

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description(
      'write a first scenario of your own: asks on a terminal, or takes flags; with a trace, from what it holds',
    )
    .argument('[file]', 'where the scenario goes', FILE)
    .option('--situation <name>', 'what comes closest, by name or number; an unknown one is answered with all')
    .option('--trace <file>', 'your traffic: a file, or several as a pattern in quotes (absent: made-up requests)')
    .option('--format <name>', 'format of the trace, where the guess is wrong (`trace formats` lists them)')
    .option('--mapping <file>', 'column mapping of the trace, as `trace map` writes it')
    .option('--model <names>', 'seller/model, separated by commas; with a trace: for rows that name none')
    .option('--requests-per-month <volume>', 'such as 50000, 50k or "20000 to 80000"')
    .option('--gateway <names>', 'to weigh against direct access: names, a markup such as 15%, or none')
    .option('--rate <amount>', "an engineer's hour with on-costs (91, 80 EUR/hour), or a salary (110000 USD/year)")
    .option('--start <month>', 'first month, such as 2026-12 (default: the next)')
    .option('--yes', 'ask nothing: take defaults for what flags leave open')
    .option('--force', 'replace the file if it is there')
    .action(init);
}

async function init(named: string, flags: InitFlags): Promise<void> {
  const { file, problem } = await targetOf(named, flags);
  if (problem !== undefined) throw (await import('../errors.ts')).inputError('INIT', named, problem);
  const { yes, force: _force, format: _format, mapping: _mapping, start: _start, ...answers } = flags;
  const hasTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (!hasTerminal && yes === undefined && Object.keys(answers).length === 0)
    throw (await import('../errors.ts')).inputError(
      'INIT',
      'init',
      'there is no terminal to ask on; give --yes for all defaults, or what you know: --trace export.csv, --situation, --model, --requests-per-month, --gateway, --rate',
    );
  const [{ readPriceBook }, { scenarioText }, { InterruptedError, askingOn, notAsking }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../starters/scenario-text.ts'),
    import('./init-questions.ts'),
  ]);
  const book = await readPriceBook();
  const questions = hasTerminal && yes === undefined ? askingOn(process.stdin, process.stderr) : notAsking();
  try {
    const { situation, answers: given } = await answersOf(file, flags, book, questions);
    questions.settled();
    const text = scenarioText(situation, given);
    await checkedAgain(text, book);
    await write(file, text, flags.force === true);
    process.stdout.write(await lastWords(file, situation, given, book));
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    process.stderr.write('\nNothing was written.\n');
    process.exitCode = INTERRUPTED;
  } finally {
    questions.close();
  }
}

/** Told before anything is asked. */
async function targetOf(named: string, { force }: InitFlags): Promise<{ file: string; problem?: string }> {
  const [{ stat }, path] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  const found = await stat(named).catch(() => undefined);
  const file = found?.isDirectory() === true || /[\\/]$/.test(named) ? path.join(named, FILE) : named;
  if (!/\.ya?ml$/i.test(file))
    return {
      file,
      problem: `is no name of a scenario; expected one that ends in .yaml. Is it traffic? Then: tollgate init --trace ${named}`,
    };
  if (force === undefined && (await stat(file).catch(() => undefined)) !== undefined)
    return {
      file,
      problem: `${file === named ? '' : `${file} `}is there already; name another file, or give --force to replace it`,
    };
  return { file };
}

async function answersOf(
  file: string,
  flags: InitFlags,
  book: PriceBook,
  questions: Questions,
): Promise<{ situation: Situation; answers: Answers }> {
  const [{ SITUATIONS, situationOf }, answer, { readTraceFacts, schemaFrom }, { nextMonth, startOf }] =
    await Promise.all([
      import('../starters/situations.ts'),
      import('../starters/answers.ts'),
      import('./init-trace.ts'),
      import('./init-start.ts'),
    ]);
  const start = startOf(flags.start ?? nextMonth(new Date()));
  const on = `${start}-01`;

  const situation = await questions.ask({
    flag: '--situation',
    given: flags.situation,
    help: 'It decides what is assumed of traffic and needs; all of it can be changed in the file.',
    choices: SITUATIONS.map(({ id, summary }, i) => `  ${String(i + 1).padStart(2)}  ${id.padEnd(26)}${summary}`),
    question: 'Which situation comes closest? Number or name',
    default: '2',
    read: async (text): Promise<Read<Situation>> => {
      const found = situationOf(text);
      return 'problem' in found ? found : { value: found };
    },
  });
  const place: TracePlace = { scenario: file, format: flags.format, mapping: flags.mapping, on };
  const trace = await questions.ask({
    flag: '--trace',
    given: flags.trace,
    help: 'An export of OpenAI, Anthropic, OpenRouter, LiteLLM, Langfuse, … or any log with a row per request; it is read, never changed.',
    question: 'A file with your own traffic? Enter makes requests up',
    default: '',
    read: (text) => readTraceFacts(text, place, book),
  });

  const unknown = trace?.models.filter(({ card }) => card === undefined) ?? [];
  const lacksModel = trace === undefined || trace.unnamed_share > 0;
  const models = lacksModel
    ? await questions.ask({
        flag: '--model',
        given: flags.model,
        help: 'As seller/model, several separated by commas; `tollgate price list` names all.',
        question: trace === undefined ? 'Which models?' : 'Your trace has rows that name no model: which one was it?',
        default: answer.likelyModels(situation.models, trace?.unnamed_seller, book).join(', '),
        read: async (text) => answer.readModels(text, book, on),
      })
    : [];
  const mapped: Record<string, string> = {};
  for (const { name, nearest } of unknown) {
    const found = await questions.ask({
      flag: undefined,
      given: undefined,
      help: `No card of the price book has the name ${name}${nearest.length === 0 ? '' : `; nearest are ${nearest.join(', ')}`}.`,
      question: `What is ${name} priced as? Enter leaves it open`,
      default: '',
      read: async (text): Promise<Read<readonly string[]>> =>
        text === '' ? { value: [] } : answer.readModels(text, book, on),
    });
    if (found[0] !== undefined) mapped[name] = found[0];
  }

  const isMeasured = trace != null && trace.window !== null;
  const requests_per_month = await questions.ask({
    flag: '--requests-per-month',
    given: flags.requestsPerMonth,
    help: isMeasured
      ? 'Enter takes what the trace holds, scaled to a month.'
      : 'A request is one call of a model; 50k, 1.5M and "20000 to 80000" are understood.',
    question: 'How many requests a month?',
    default: isMeasured ? '' : String(situation.requests_per_month),
    read: async (text): Promise<Read<string | undefined>> =>
      text === '' ? { value: undefined } : answer.readVolume(text),
  });
  const gateways = await questions.ask({
    flag: '--gateway',
    given: flags.gateway,
    help: `Separated by commas, or none: ${answer.weighable(book).join(', ')}; or a markup such as 15%.`,
    question: 'Which gateways to weigh against direct access?',
    default: situation.gateways.length === 0 ? 'none' : situation.gateways.join(', '),
    read: async (text) => answer.readGateways(text, book),
  });
  const rate = await questions.ask({
    flag: '--rate',
    given: flags.rate,
    help: 'With all on-costs (91, 80 EUR/hour); or a salary, to which on-costs are added (110000 USD/year).',
    question: "What does an engineer's hour cost?",
    default: '91 USD/hour',
    read: async (text): Promise<Read<Answers['rate']>> =>
      text === '91 USD/hour' ? { value: undefined } : answer.readRate(text),
  });
  return {
    situation,
    answers: { start, trace, models, mapped, requests_per_month, gateways, rate, schema: schemaFrom(file) },
  };
}

/** What the templates give is right whatever the answers are; if not, that is a bug, told before a file lies there. */
async function checkedAgain(text: string, book: PriceBook): Promise<void> {
  const [{ parseYaml }, { resolveScenario }, { InputError }] = await Promise.all([
    import('../io/read-yaml.ts'),
    import('../scenario/resolve.ts'),
    import('../errors.ts'),
  ]);
  try {
    const yaml = parseYaml(text, 'scenario');
    resolveScenario(yaml.value, book, yaml.where);
  } catch (error) {
    throw error instanceof InputError
      ? new Error(`the scenario that was made is wrong: ${error.message}\n${text}`)
      : error;
  }
}

async function write(file: string, text: string, mayReplace: boolean): Promise<void> {
  const [{ mkdir, writeFile }, { dirname }, { inputError }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../errors.ts'),
  ]);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: mayReplace ? 'w' : 'wx' });
  } catch (error) {
    throw inputError('INIT', file, `cannot be written: ${(error as Error).message}`);
  }
}

async function lastWords(file: string, situation: Situation, answers: Answers, book: PriceBook): Promise<string> {
  const [{ quotedForShell }, { notesOn }] = await Promise.all([
    import('./init-trace.ts'),
    import('../starters/notes.ts'),
  ]);
  const rivals = answers.gateways.map(({ id }) => id).join(', ');
  return [
    `Wrote ${file}: ${situation.title}, ${rivals === '' ? 'direct access alone' : `${rivals} against direct access`}.`,
    ...notesOn(answers, book).map((note) => `  ${note}`),
    `Change first: ${situation.change_first}.`,
    'Next:',
    `  npx tollgate run ${quotedForShell(file)}`,
    '  npx tollgate open',
    '',
  ].join('\n');
}
