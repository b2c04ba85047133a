/**
 * What a team can need beyond the bare call, and what a gateway can bring. The one list behind the capability matrix:
 * a need that a strategy does not bring has to be built and kept up, or, if it is optional, done without.
 */

export const CAPABILITIES = {
  fallback: 'Outage fallback to a second seller',
  routing_policy: 'Rules that pick a model by task, customer or prompt size',
  rate_limit_handling: 'Retries, back-off and queueing at rate limits',
  key_management: 'Central keys, rotation, per-team access',
  budgets: 'Spending limits by key, user or team',
  attribution: 'Cost by feature, user and team',
  dashboards: 'Usage and cost dashboards',
  caching: 'Response cache',
  guardrails: 'Input and output checks',
} as const;

export type Capability = keyof typeof CAPABILITIES;
export const CAPABILITY_IDS = Object.keys(CAPABILITIES) as Capability[];
