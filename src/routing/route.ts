/** A route: seller, model, region and service tier. Named once at the top of a scenario, and later of a router's config. */
import * as z from 'zod';
import { SERVICE_TIERS } from '../meters.ts';

export const route = z.strictObject({
  seller: z.string().describe('Who invoices, as in pricing/sellers'),
  model: z.string().describe('Exact model id of that seller'),
  region: z.string().optional().describe('Where it is asked, where its price depends on that'),
  tier: z.enum(SERVICE_TIERS).default('standard').describe('Service tier that it asks for'),
});

export const routes = z
  .record(z.string(), route)
  .describe('Named routes; a policy refers to them by name or as seller/model');

export type Route = z.infer<typeof route>;
export type Routes = z.infer<typeof routes>;
