/**
 * What documents call one's own, made up by rule: an export of OpenRouter's activity over four weeks, billed at list prices, a log with
 * columns of its own. Deterministic; no text in it.
 */
const HEADER =
  'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,api_key_name,app_name';

/** Model, seller's name there, USD per million tokens in and out. */
const MODELS = [
  ['openai/gpt-4o-mini', 'OpenAI', 0.15, 0.6],
  ['openai/gpt-4o-mini', 'OpenAI', 0.15, 0.6],
  ['anthropic/claude-4.5-sonnet-20250929', 'Anthropic', 3, 15],
] as const;
/** As the price book has them. */
const OWN_NAMES: Record<string, string> = {
  'openai/gpt-4o-mini': 'openai/gpt-4o-mini',
  'anthropic/claude-4.5-sonnet-20250929': 'anthropic/claude-sonnet-4-5',
};
const TEAMS = ['web', 'support', 'data'];
const START = Date.UTC(2026, 9, 5);
const REQUESTS = 3000;

interface Request {
  readonly time: string;
  readonly model: (typeof MODELS)[number];
  readonly prompt: number;
  readonly answer: number;
  readonly team: string;
}

/** Evenly over four weeks, sizes by a fixed rule. */
const requests: Request[] = Array.from({ length: REQUESTS }, (_, i) => ({
  time: new Date(START + (i * 28 * 86_400_000) / REQUESTS).toISOString(),
  model: MODELS[i % MODELS.length]!,
  prompt: 300 + ((i * 7919) % 2400),
  answer: 40 + ((i * 104_729) % 500),
  team: TEAMS[(i >> 2) % TEAMS.length]!,
}));

export const openRouterExport = (): string =>
  [
    HEADER,
    ...requests.map(({ time, model: [id, seller, input, output], prompt, answer, team }, i) => {
      const usd = ((prompt * input + answer * output) / 1e6).toFixed(9);
      const at = time.replace('T', ' ').replace('Z', '');
      return `gen-${i},${at},${usd},0,0,0,0,${prompt},${answer},0,0,${id},${seller},standard,false,true,u${i % 40},stop,stop,1800,350,false,${team},app`;
    }),
    '',
  ].join('\n');

export const ownLog = (): string =>
  [
    'ts,llm,prompt_tokens,completion_tokens,squad',
    ...requests.map(
      ({ time, model, prompt, answer, team }) => `${time},${OWN_NAMES[model[0]]},${prompt},${answer},${team}`,
    ),
    '',
  ].join('\n');
