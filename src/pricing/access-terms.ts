/**
 * Who may use a seller or a gateway, how to pay, and where data is kept: what a scenario's `constraints` are checked against.
 * Part of the contract of sellers' terms and of gateway schedules. What is absent is not known, and excludes nothing.
 */
import * as z from 'zod';

const places = z.array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case code or name, such as eu, us, cn'));

export const accessTerms = {
  data_residency: places.optional().describe('Regions in which data can be kept; absent: not known'),
  signup_countries: places.optional().describe('Countries in which one can sign up, "any" for all; absent: not known'),
  payment_methods: places.optional().describe('Ways of paying, such as card, alipay, invoice; absent: not known'),
  provider_only_features: places
    .optional()
    .describe('Features of sellers that are had on direct access alone: not through this gateway; absent: not known'),
};

const contract = z.strictObject(accessTerms);
export type AccessTerms = z.infer<typeof contract>;
