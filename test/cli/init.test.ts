/** `tollgate init` as people run it, and what it leaves behind. Questions are answered through streams in place of a terminal. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { askingOn, InterruptedError, notAsking } from '../../src/cli/init-questions.ts';
import { nextMonth, startOf } from '../../src/cli/init-start.ts';
import { readTraceFacts, schemaFrom } from '../../src/cli/init-trace.ts';
import { InputError } from '../../src/errors.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { builtCommand, ROOT } from './built-command.ts';

const { tollgate, at, write, read: text } = builtCommand();

beforeAll(() => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `2026-11-0${1 + (i % 7)}T0${i % 10}:00:00Z,openai,gpt-4o,${1000 + i},100,chat`,
  );
  mkdirSync(at('logs'));
  write('logs/mine.csv', `time,seller,model,input_tokens,output_tokens,feature\n${rows.join('\n')}\n`);
  write('logs/odd.csv', 'when,llm,prompt_toks\n1,gpt-4o,3\n');
});
describe('without a terminal', () => {
  it('flags and defaults make a scenario that runs, with its trace as seen from its folder', () => {
    const made = tollgate(
      'init',
      'deep/er/my.yaml',
      '--trace',
      'logs/mine.csv',
      '--gateway',
      'openrouter, 12%',
      '--start',
      '2026-12',
      '--situation',
      'early',
    );
    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    expect(made.stdout).toContain('../../logs/mine.csv (Tollgate trace): 60 requests');
    expect(made.stdout.split('\n').slice(-3)).toEqual([
      '  npx tollgate run deep/er/my.yaml',
      '  npx tollgate open',
      '',
    ]);
    expect(text('deep/er/my.yaml')).toContain('trace: ../../logs/mine.csv');
    const run = tollgate('run', 'deep/er/my.yaml', '--draws', '0');
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('markup-12');
  });

  it('no flag at all is told what to give, and nothing is written', () => {
    const { status, stderr } = tollgate('init');
    expect(status).toBe(2);
    expect(stderr).toContain('give --yes for all defaults');
    expect(existsSync(at('scenario.yaml'))).toBe(false);
  });

  it('all that is wrong is told at once, with the nearest right names', () => {
    const { status, stderr } = tollgate(
      'init',
      'a.yaml',
      '--gateway',
      'opnrouter',
      '--rate',
      '9 apples',
      '--requests-per-month',
      'lots',
      '--model',
      'openai/gpt-4oo',
      '--situation',
      'seasonal-trafic',
    );
    expect(status).toBe(2);
    expect(
      stderr
        .split('\n')
        .map((line) => line.split(':')[0])
        .filter((flag) => flag !== ''),
    ).toEqual(['--situation', '--model', '--requests-per-month', '--gateway', '--rate']);
    expect(stderr).toContain('did you mean "openrouter"?');
    expect(stderr).toContain('did you mean "seasonal-traffic"?');
    expect(stderr).toContain('nearest are openai/gpt-4o');
    expect(existsSync(at('a.yaml'))).toBe(false);
  });

  it('a file that is there stays, unless --force says otherwise', () => {
    write('kept.yaml', 'mine');
    const { status, stderr } = tollgate('init', 'kept.yaml', '--yes');
    expect(status).toBe(2);
    expect(stderr).toContain('is there already');
    expect(text('kept.yaml')).toBe('mine');
    expect(tollgate('init', 'kept.yaml', '--yes', '--force').status).toBe(0);
    expect(text('kept.yaml')).toContain('name: Multi-model SaaS');
  });

  it('a trace in the place of the scenario is told as one', () => {
    expect(tollgate('init', 'logs/mine.csv', '--yes').stderr).toContain('tollgate init --trace logs/mine.csv');
  });

  it('a report of a name in another script has a folder of its own', () => {
    write(
      'other.yaml',
      text('deep/er/my.yaml')
        .replace('name: "Early stage, single model"', 'name: 客服 Überblick')
        .replace('../../logs', 'logs'),
    );
    const { stdout } = tollgate('run', 'other.yaml', '--draws', '0', '--quiet');
    expect(stdout.trim()).toBe('reports/客服-überblick/report.html');
  });
});

describe('a trace', () => {
  it('that is named absolutely stays so, and runs', async () => {
    const book = await readPriceBook();
    const file = at('logs/mine.csv');
    const found = await readTraceFacts(
      file,
      { scenario: at('x.yaml'), format: undefined, mapping: undefined, on: '2026-12-01' },
      book,
    );
    expect('value' in found && found.value?.path).toBe(file);
    expect(tollgate('init', 'absolute.yaml', '--trace', file, '--situation', 'early').status).toBe(0);
    expect((await readScenario(at('absolute.yaml'), [], book)).scenario.traffic.trace).toBe(file);
    expect(tollgate('run', 'absolute.yaml', '--draws', '0').status).toBe(0);
  });

  it('that names its seller and no model is priced as a model of that seller', () => {
    write(
      'logs/usage.csv',
      'start_time,end_time,num_model_requests,input_tokens,output_tokens,model\n1793664000,1793750400,9,9000,900,\n1793750400,1793836800,9,9000,900,\n',
    );
    const made = tollgate('init', 'deep/unnamed.yaml', '--trace', 'logs/usage.csv', '--yes');
    expect(made.stdout).toContain('names no model and is priced as openai/gpt-5.6-luna; traffic.models.default says');
    expect(text('deep/unnamed.yaml')).toContain('default: openai/gpt-5.6-luna');
  });

  it('that no format fits is told how to map', () => {
    const { status, stderr } = tollgate('init', 'b.yaml', '--trace', 'logs/odd.csv');
    expect(status).toBe(2);
    expect(stderr).toContain('npx tollgate trace map logs/odd.csv -o mapping.yaml');
  });
});

describe('the schema for editors', () => {
  it('is named relative to the scenario within the package, and left out elsewhere', () => {
    expect(schemaFrom(path.join(ROOT, 'scenarios/mine.yaml'))).toBe('../scenario.schema.json');
    expect(schemaFrom(path.join(ROOT, 'mine.yaml'))).toBe('./scenario.schema.json');
    expect(schemaFrom(at('mine.yaml'))).toBeUndefined();
    expect(text('deep/er/my.yaml')).toContain('npx tollgate schema > scenario.schema.json');
  });
});

describe('questions', () => {
  const asked = { flag: '--size', given: undefined, help: 'How large.', question: 'Size?', default: '3' };
  const read = async (typed: string) =>
    /^\d$/.test(typed) ? { value: Number(typed) } : { problem: `"${typed}" is no digit` };
  const terminal = () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    output.on('data', (chunk) => {
      shown += String(chunk);
    });
    const questions = askingOn(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream);
    return { input, questions, shown: () => shown };
  };

  it('take the default for an empty line, and ask again after an answer that is not understood', async () => {
    const { input, questions, shown } = terminal();
    const first = questions.ask({ ...asked, read });
    input.write('\n');
    expect(await first).toBe(3);
    const second = questions.ask({ ...asked, read, choices: ['  1 one'] });
    input.write('x\n');
    setTimeout(() => input.write('7\n'), 50);
    expect(await second).toBe(7);
    expect(shown()).toContain('"x" is no digit');
    expect(shown().match(/1 one/g)).toHaveLength(1);
    questions.close();
  });

  it('a flag answers without asking, and is refused by its name', async () => {
    const { questions, shown } = terminal();
    expect(await questions.ask({ ...asked, given: '5', read })).toBe(5);
    await expect(questions.ask({ ...asked, given: 'x', read })).rejects.toThrow('--size: "x" is no digit');
    expect(shown()).toBe('');
    questions.close();
  });

  it('the end of what can be typed ends them', async () => {
    const { input, questions } = terminal();
    const open = questions.ask({ ...asked, read });
    input.end();
    await expect(open).rejects.toThrow(InterruptedError);
    await expect(questions.ask({ ...asked, read })).rejects.toThrow(InterruptedError);
  });

  it('without a terminal go on with defaults, and tell at the end', async () => {
    const questions = notAsking();
    expect(await questions.ask({ ...asked, given: 'x', read })).toBe(3);
    expect(() => questions.settled()).toThrow(InputError);
  });
});

describe('the first month', () => {
  it('is the next one, over the end of a year too', () => {
    expect(nextMonth(new Date('2026-11-21T12:00:00Z'))).toBe('2026-12');
    expect(nextMonth(new Date('2026-12-31T23:59:59Z'))).toBe('2027-01');
    expect(startOf('2027-03')).toBe('2027-03');
    expect(() => startOf('2027-13')).toThrow('expected one such as 2026-12');
  });
});

it('nothing else is left behind', () => {
  expect(readdirSync(at('.')).sort()).toEqual(['absolute.yaml', 'deep', 'kept.yaml', 'logs', 'other.yaml', 'reports']);
});
