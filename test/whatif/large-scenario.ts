/** A large question: 36 months, five strategies of every kind, twelve models. Speed is measured on it, here and in a browser. */

export const LARGE_MODELS = [
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'openai/gpt-4.1',
  'openai/gpt-4.1-mini',
  'openai/gpt-4.1-nano',
  'openai/o3',
  'openai/o4-mini',
  'openai/gpt-5',
  'openai/gpt-5-mini',
  'openai/gpt-5-nano',
  'mistral/mistral-large-latest',
  'mistral/mistral-small-latest',
];

/**
 * @param more further parts of the scenario
 * @param direct what the direct strategy says besides
 */
export const largeScenario = (trace: string, more: object, direct: object = {}): object => ({
  name: 'Large',
  start: '2026-12',
  horizon: '36 months',
  traffic: { trace, volume: { requests_per_month: 2_000_000, growth: '3 %/month' } },
  needs: { fallback: 'optional', caching: 'optional', dashboards: 'required', budgets: 'optional' },
  baseline: 'direct',
  strategies: [
    { id: 'direct', kind: 'direct', ...direct },
    { id: 'openrouter', kind: 'managed_gateway', gateway: 'openrouter' },
    { id: 'litellm', kind: 'self_hosted_gateway', gateway: 'litellm' },
    { id: 'mixed', kind: 'hybrid', rules: [{ model: LARGE_MODELS[0], via: 'openrouter' }, { else: 'direct' }] },
    { id: 'later', kind: 'phased', phases: [{ via: 'openrouter', for: 'best' }, { via: 'direct' }] },
  ],
  ...more,
});
