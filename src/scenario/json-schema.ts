/** The JSON Schema of a scenario, from the same definitions that check it. */
import * as z from 'zod';
import { scenario } from './schema.ts';

export const scenarioJsonSchema = (): object => ({
  ...z.toJSONSchema(scenario, { io: 'input', reused: 'ref' }),
  title: 'Tollgate scenario',
});
