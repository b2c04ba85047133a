/**
 * The contract of machines on which one serves open weights oneself, bought or rented, with or without a gateway before them:
 * which models they answer, what a machine costs and draws, how long a request keeps it busy, and how many there are.
 *
 * Nobody bills a token of a model that they answer, so the models are named one by one. Holds no arithmetic.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';

const power = z.strictObject({
  draw: amount('W', 'What one machine draws on average over all hours'),
  price: amount('USD/kWh', 'What power costs, cooling included where it is paid'),
});

const machine = z
  .strictObject({
    price: amount('USD', 'What one costs to buy; shared out evenly over its life').optional(),
    life: amount('month', 'How long it is used, where it is bought', { min: 1 }).optional(),
    rent: amount('USD/month', 'What one costs to rent, in place of a price').optional(),
    power: power.optional().describe('Needed where it is bought; where it is rented, absent means within the rent'),
  })
  .superRefine(({ price, life, rent, power: drawn }, context) => {
    const say = (message: string): void => context.addIssue({ code: 'custom', message });
    if ((price === undefined) === (rent === undefined))
      say('a machine has a price and a life, or a rent: exactly one of price and rent');
    else if (price !== undefined && life === undefined) say('a machine that is bought has a life, such as 36 months');
    else if (rent !== undefined && life !== undefined) say('a machine that is rented has no life');
    else if (price !== undefined && drawn === undefined)
      say('nothing says what a machine that is bought draws; add power: {draw: 200 W, price: 0.30 USD/kWh}');
  })
  .describe('One machine');

const throughput = z.strictObject({
  input: amount('token/s', 'Prompt tokens that one machine reads in a second of nothing else', { min: 1e-6 }),
  output: amount('token/s', 'Tokens of answers that one machine writes in a second of nothing else', { min: 1e-6 }),
});

export const serving = z
  .strictObject({
    models: z
      .array(z.string())
      .min(1)
      .describe('Models of the traffic that the machines answer, as seller/model: no token of theirs is billed'),
    machine,
    time_per_request: amount(
      's',
      'How long a request keeps one machine busy; shared by those answered at once',
    ).optional(),
    throughput: throughput.optional().describe('In place of a time per request; of all requests answered at once'),
    utilisation: amount('1', 'Share of its time that a machine may be busy', { min: 0.01, max: 1 }),
    sized_for: z
      .enum(['peak', 'mean'])
      .default('peak')
      .describe('peak: enough machines for the busiest minute; mean: for work that can wait'),
    min_machines: z.int().positive().default(1).describe('Machines that stand there without any load, spares included'),
    setup: amount('work_hour', 'First set-up of all of them'),
    care: amount('work_hour/month', 'Updates, repairs and on-call, per machine'),
    downtime: amount('1', 'Share of time in which they answer nothing', SHARE).optional(),
  })
  .superRefine(({ time_per_request, throughput: rate }, context) => {
    if ((time_per_request === undefined) === (rate === undefined))
      context.addIssue({
        code: 'custom',
        message: 'nothing says how long a request keeps a machine busy: exactly one of time_per_request and throughput',
      });
  })
  .describe('Models that are answered on machines of one’s own, bought or rented');

export type Serving = z.infer<typeof serving>;
