/**
 * Questions with defaults: on a terminal asked again until the answer is understood; without one answered by flags and
 * defaults, and what is wrong is thrown as an InputError that names the flag. What an answer means is not known here.
 */
import { createInterface } from 'node:readline/promises';
import { type Diagnostic, InputError, inputError, problem } from '../errors.ts';
import type { Read } from '../starters/answers.ts';

export interface Question<T> {
  /** That answers it; undefined: asked on a terminal alone. */
  readonly flag: string | undefined;
  readonly given: string | undefined;
  /** One line. */
  readonly help: string;
  /** What there is to choose from, told once. */
  readonly choices?: readonly string[];
  readonly question: string;
  /** What an empty answer means. */
  readonly default: string;
  readonly read: (text: string) => Promise<Read<T>>;
}

export interface Questions {
  ask<T>(question: Question<T>): Promise<T>;
  /** Throws what was wrong with answers that were given, all at once. */
  settled(): void;
  close(): void;
}

/** Ctrl-C, or the end of what can be typed. */
export class InterruptedError extends Error {}

/** Takes what was given, else the default; after a wrong answer it goes on with the default, to find what else is wrong. */
export function notAsking(): Questions {
  const problems: Diagnostic[] = [];
  return {
    async ask({ flag, given, default: usual, read }) {
      const found = await read((given ?? usual).trim());
      if ('value' in found) return found.value;
      problems.push(problem('INIT', flag ?? 'init', found.problem));
      const instead = await read(usual);
      if ('value' in instead) return instead.value;
      throw new InputError(problems);
    },
    settled() {
      if (problems.length > 0) throw new InputError(problems);
    },
    close: () => undefined,
  };
}

export function askingOn(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Questions {
  const terminal = createInterface({ input, output });
  const stop = new AbortController();
  let isOver = false;
  terminal.on('SIGINT', () => stop.abort());
  terminal.on('close', () => {
    isOver = true;
    stop.abort();
  });
  const answerTo = async (text: string): Promise<string> => {
    if (isOver) throw new InterruptedError();
    return terminal.question(text, { signal: stop.signal }).catch((error: unknown) => {
      throw stop.signal.aborted ? new InterruptedError() : error;
    });
  };
  return {
    async ask(question) {
      // A flag that is wrong is told as it would be without a terminal.
      if (question.given !== undefined) {
        const found = await question.read(question.given.trim());
        if ('value' in found) return found.value;
        throw inputError('INIT', question.flag ?? 'init', found.problem);
      }
      const usual = question.default === '' ? '' : ` [${question.default}]`;
      output.write(`\n${[question.help, ...(question.choices ?? [])].join('\n')}\n`);
      for (;;) {
        const typed = (await answerTo(`${question.question}${usual} > `)).trim();
        const found = await question.read(typed === '' ? question.default : typed);
        if ('value' in found) return found.value;
        output.write(`${found.problem}\n`);
      }
    },
    settled: () => undefined,
    close: () => terminal.close(),
  };
}
