/** JSON Schemas of what people write, from the same definitions that check it. */
import * as z from 'zod';
import { scenario } from './schema.ts';

export const jsonSchemaOf = (title: string, schema: z.ZodType): object => ({
  ...z.toJSONSchema(schema, { io: 'input', reused: 'ref' }),
  title,
});

export const scenarioJsonSchema = (): object => jsonSchemaOf('Tollgate scenario', scenario);
