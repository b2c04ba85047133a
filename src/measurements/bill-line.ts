/**
 * A line of a bill that tells each request: what `tollgate stand-in --bill` writes, and anybody may who bills by the request.
 * One JSON object a line, exclusive counts in the words of the meters, whole nano-dollars. This file holds no logic.
 */
import * as z from 'zod';
import { type CountMeter, isTokenMeter, METERS, PIECES } from '../meters.ts';

/** Exclusive, as meters.ts says; what is not named was none. */
const counted = (meter: CountMeter) =>
  z
    .int()
    .min(0)
    .default(0)
    .describe(isTokenMeter(meter) ? METERS[meter].counts : PIECES[meter].counts);

export const BILL_STATES = ['whole', 'cut', 'cancelled'] as const;

export const billLine = z.strictObject({
  simulated: z.boolean().describe('True of what a stand-in billed: nothing of it was paid'),
  time: z.iso.datetime().describe('When the request came'),
  id: z.string().min(1).describe('The biller’s own name of the request; once in a bill'),
  idempotency_key: z
    .string()
    .nullable()
    .describe('That the request was sent with; the router sends tollgate-<request>'),
  route: z.string().nullable().default(null).describe('Of the stand-in: direct or gateway'),
  model: z.string().min(1),
  input_tokens: counted('input_tokens'),
  cache_read_tokens: counted('cache_read_tokens'),
  cache_write_5m_tokens: counted('cache_write_5m_tokens'),
  cache_write_1h_tokens: counted('cache_write_1h_tokens'),
  output_tokens: counted('output_tokens'),
  reasoning_tokens: counted('reasoning_tokens'),
  images: counted('images'),
  nano_usd: z.int().describe('What is charged, in whole nano-dollars'),
  state: z
    .enum(BILL_STATES)
    .default('whole')
    .describe('whole: all of the answer left; cut: it broke off; cancelled: the client left'),
});

export type BillLine = z.infer<typeof billLine>;
