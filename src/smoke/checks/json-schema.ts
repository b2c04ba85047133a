/** Whether an answer by a schema conforms to it, in a schema of the suite's own: strings, a number, an enum, a list. */
import type { TargetCheck } from '../check.ts';
import { nonconformities } from '../judging/json-schema.ts';
import { jsonOf } from '../judging/json-text.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat } from '../judging/prompts.ts';
import { fail, notRun, pass, unanswered } from '../judging/verdicts.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    continent: { type: 'string', enum: ['Africa', 'America', 'Asia', 'Australia', 'Europe'] },
    inhabitants: { type: 'integer' },
    rivers: { type: 'array', items: { type: 'string' } },
  },
  required: ['city', 'continent', 'inhabitants', 'rivers'],
  additionalProperties: false,
};
const ASKED = chat('Describe Paris: its name, continent, number of inhabitants and rivers.', 300, {
  format: { name: 'city', schema: SCHEMA },
});

export const jsonSchema: TargetCheck = {
  id: 'json_schema',
  asks: 'an answer by a JSON schema',
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'json_schema');
    if (refusal !== undefined) return refusal;
    const read = jsonOf(seen.told);
    if (read === 'limited') return notRun('the limit of the answer was used up', seen);
    if (read === 'none') return fail('expected JSON by the schema, seen: text that is no JSON', seen);
    const wrong = nonconformities(read.value, SCHEMA);
    return wrong.length > 0
      ? fail(`expected JSON by the schema, seen: ${wrong.join('; ')}`, seen)
      : pass('the answer conforms to the schema', seen);
  },
};
