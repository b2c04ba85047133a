/**
 * Whether what is wrong is told as clients expect: a wrong key, a model that is not there, a body that is no JSON and one of
 * the wrong type give a 4xx of the right class, quickly, with an error object that has a message and a type or code.
 *
 * Too long a prompt is a check of its own. A target that needs no key is not asked with a wrong one.
 */
import type { Seen, TargetCheck } from '../check.ts';
import type { Asked } from '../dialect.ts';
import { counted } from '../judging/figures.ts';
import { askPatiently, isNoRoom } from '../judging/patience.ts';
import { SAY_OK } from '../judging/prompts.ts';
import { answerInWords, fail, msInWords, notRun, pass } from '../judging/verdicts.ts';
import type { Target } from '../target.ts';

const MOST_MS = 10_000;

interface Case {
  readonly name: string;
  readonly words: string;
  readonly asked: Asked;
  readonly statuses: readonly number[];
}

const raw = (body: string): Asked => ({ operation: 'raw', body, prompt_tokens: 40, output_tokens: 16 });

const casesOf = ({ key_env, model }: Target): readonly Case[] => [
  ...(key_env === undefined
    ? []
    : [{ name: 'bad_key', words: 'a wrong key', asked: { ...SAY_OK, key: 'wrong' } as const, statuses: [401, 403] }]),
  {
    name: 'unknown_model',
    words: 'an unknown model',
    asked: { ...SAY_OK, model: 'tollgate-no-such-model' },
    statuses: [400, 403, 404, 422],
  },
  { name: 'no_json', words: 'a body that is no JSON', asked: raw('{"model": '), statuses: [400, 415, 422] },
  {
    name: 'wrong_type',
    words: 'messages that are a number',
    asked: raw(JSON.stringify({ model, messages: 42, max_tokens: 16 })),
    statuses: [400, 422],
  },
];

export const errorShape: TargetCheck = {
  id: 'error_shape',
  asks: 'four requests that are wrong: key, model, JSON, type',
  byDefault: true,
  plan: (target) => casesOf(target).map(({ asked }) => asked),
  run: async (probe) => {
    const evidence: Seen[] = [];
    const wrong: string[] = [];
    const figures = [];
    for (const { name, words, asked, statuses } of casesOf(probe.target)) {
      const seen = await askPatiently(probe, asked);
      evidence.push(seen);
      if (seen.exchange.status === 429 && isNoRoom(seen.exchange))
        return notRun(`it could not be judged: ${answerInWords(seen)}`, evidence, figures);
      const { status } = seen.exchange;
      figures.push(counted(`${name}_status`, '1', status, 1, `HTTP status for ${words}`));
      wrong.push(...faultsOf(seen, statuses).map((fault) => `${words}: ${fault}`));
    }
    const slowest = Math.max(...evidence.map(({ exchange }) => exchange.total_ms));
    figures.push(counted('error_total_ms', 'ms', slowest, evidence.length, 'the slowest of these refusals'));
    const statuses = evidence.map(({ exchange }) => exchange.status).join(', ');
    return wrong.length > 0
      ? fail(wrong.join('; '), evidence, figures)
      : pass(
          `refused with HTTP ${statuses}, each with an error object, within ${msInWords(slowest)}`,
          evidence,
          figures,
        );
  },
};

function faultsOf(seen: Seen, statuses: readonly number[]): string[] {
  const { exchange, told } = seen;
  const { status, total_ms } = exchange;
  const isStatus = statuses.includes(status);
  const { error } = told;
  const shape =
    error === undefined
      ? ['no error object']
      : [
          ...(error.message === '' ? ['no message'] : []),
          ...(error.type === undefined && error.code === undefined ? ['neither type nor code'] : []),
        ];
  return [
    ...(isStatus ? [] : [`expected HTTP ${statuses.join(' or ')}, seen: ${answerInWords(seen)}`]),
    ...(status >= 200 && status < 300 ? [] : shape.map((fault) => `${fault} in HTTP ${status}`)),
    ...(total_ms > MOST_MS ? [`told after ${msInWords(total_ms)}, expected within ${MOST_MS} ms`] : []),
  ];
}
