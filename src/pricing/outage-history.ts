/**
 * The contract of the outage history: how long and how often sellers failed, in three severity classes.
 *
 * One file, `pricing/outages.yaml`. Hours are per month of 730 hours, as read from status pages; what share of requests
 * fails in a class, and how much of it touches the model in use, are assumptions that stand beside them. A seller
 * without a history gets the pooled entry, never 0. It computes nothing.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { HOURS_PER_MONTH } from '../units.ts';

export const SEVERITIES = ['full', 'partial', 'degraded'] as const;
export type OutageSeverity = (typeof SEVERITIES)[number];

const hours = z.number().nonnegative().max(HOURS_PER_MONTH);
const shares = (description: string) =>
  z.strictObject({
    full: amount('1', `${description}, full outage`, SHARE),
    partial: amount('1', `${description}, partial outage`, SHARE),
    degraded: amount('1', `${description}, degraded service`, SHARE),
  });

const record = {
  hours_per_month: z
    .strictObject({ full: hours, partial: hours, degraded: hours })
    .describe('Hours in each class, per month of 730 hours; an hour counts in one class only'),
  incidents_per_month: z.number().nonnegative().describe('Incidents begun, per month of 730 hours'),
  mean_hours_per_incident: z.number().positive().describe('From start to close of the public incident'),
  duration_sigma: z.number().positive().describe('Sigma of the log-normal of durations, in logs of hours'),
  gap_cv: z.number().positive().describe('Variation of the time between starts over its mean; 1 is a Poisson process'),
  source: z.string(),
  note: z.string().optional(),
};

/** What one seller's service went through in a window. */
export const serviceOutages = z.strictObject({
  seller: z.string(),
  service: z.string().describe('The component of the status page'),
  window: z.strictObject({
    from: z.iso.date().describe('First day, inclusive'),
    until: z.iso.date().describe('Day after the last, exclusive'),
  }),
  ...record,
});

export const outageHistory = z.strictObject({
  severity: shares('Share of requests that fail'),
  scope_match: shares('Share of hours that touch the model and feature in use'),
  services: z.array(serviceOutages),
  pooled: z.strictObject(record).describe('For sellers without a history: the mean of those with one'),
  gateway_pooled_downtime: amount('1', 'Share of time in which a gateway without a history fails requests', SHARE),
});

export type OutageHistory = z.infer<typeof outageHistory>;
export type ServiceOutages = z.infer<typeof serviceOutages>;
export type OutageRecord = OutageHistory['pooled'];
