/**
 * Systems that invoice no tokens and so are not in the price book: clients, and tools in which usage already lies. Data, with
 * its source; and which systems a test runs as the real program.
 *
 * Formats that are read are not listed here: they come from the adapters, by name.
 */
import type { SystemKind } from './system.ts';

export interface BesideTheBook {
  readonly id: string;
  readonly name: string;
  readonly kind: Extract<SystemKind, 'client' | 'observability'>;
  readonly also_called: readonly string[];
  readonly what: string;
  /** What a client does by itself. Both is what a scenario calls a `library`; retries alone is built already. */
  readonly brings: readonly ('retries' | 'fallback')[];
  /** Points it at the router. */
  readonly code: readonly string[] | undefined;
  readonly source: string;
  readonly as_of: string;
}

const ROUTER = 'http://127.0.0.1:8787/v1';

export const BESIDE_THE_BOOK: readonly BesideTheBook[] = [
  {
    id: 'openai-sdk',
    name: 'OpenAI SDK',
    kind: 'client',
    also_called: ['openai-node', 'openai-python'],
    what: 'The client library of OpenAI, which any address that speaks its API may answer. Tries again twice by default.',
    brings: ['retries'],
    code: [`new OpenAI({ baseURL: '${ROUTER}', apiKey }).chat.completions.create({ model, messages })`],
    source: 'npm package openai 6.30.1, client.d.ts (maxRetries = 2)',
    as_of: '2026-11-21',
  },
  {
    id: 'anthropic-sdk',
    name: 'Anthropic SDK',
    kind: 'client',
    also_called: ['claude-sdk'],
    what: 'The client library of Anthropic; the router passes its messages on. Tries again twice by default.',
    brings: ['retries'],
    code: [
      `new Anthropic({ baseURL: '${ROUTER.replace('/v1', '')}', apiKey }).messages.create({ model, messages, max_tokens })`,
    ],
    source: 'npm package @anthropic-ai/sdk 1.12.0, client.d.ts (maxRetries = 2)',
    as_of: '2026-11-21',
  },
  {
    id: 'langchain',
    name: 'LangChain',
    kind: 'client',
    also_called: ['langchainjs'],
    what: 'A framework whose chat models try again up to six times by default, with growing waits, and fall back on others (withFallbacks).',
    brings: ['retries', 'fallback'],
    code: [`new ChatOpenAI({ model, apiKey, configuration: { baseURL: '${ROUTER}' } }).invoke(messages)`],
    source:
      'npm package @langchain/core 1.4.0, utils/async_caller.d.ts and runnables/base.d.ts; @langchain/openai 1.5.8',
    as_of: '2026-11-21',
  },
  {
    id: 'llamaindex',
    name: 'LlamaIndex',
    kind: 'client',
    also_called: ['llama-index'],
    what: 'A framework for answers over documents. Its OpenAI model tries again up to ten times by default.',
    brings: ['retries'],
    code: [`new OpenAI({ model, apiKey, baseURL: '${ROUTER}' }).chat({ messages })`],
    source: 'npm package @llamaindex/openai 0.4.23, dist/index.js (maxRetries ?? 10)',
    as_of: '2026-11-21',
  },
  {
    id: 'vercel-ai-sdk',
    name: 'Vercel AI SDK',
    kind: 'client',
    also_called: ['ai-sdk'],
    what: 'A library over many sellers, one package each; any address that speaks OpenAI’s API through openai-compatible. Tries again twice by default.',
    brings: ['retries'],
    code: [
      `generateText({ model: createOpenAICompatible({ name: 'router', baseURL: '${ROUTER}', apiKey })(model), prompt })`,
    ],
    source: 'npm packages ai 6.0.322 (maxRetries of generateText) and @ai-sdk/openai-compatible 2.0.87',
    as_of: '2026-11-21',
  },
  {
    id: 'http',
    name: 'Plain HTTP',
    kind: 'client',
    also_called: ['curl', 'plain-http'],
    what: 'No library: requests as the API’s reference has them. Nothing is tried again unless one’s own code does.',
    brings: [],
    code: [
      `curl ${ROUTER}/chat/completions -H 'content-type: application/json' -d '{"model": "mini", "messages": [{"role": "user", "content": "Hello"}]}'`,
    ],
    source: 'no package: requests as the router takes them (test/peers/clients/curl.test.ts)',
    as_of: '2026-11-21',
  },
  {
    id: 'langfuse',
    name: 'Langfuse',
    kind: 'observability',
    also_called: [],
    what: 'Traces and costs of calls, as a service or run by oneself. Its exports, its API and its tables in ClickHouse are read.',
    brings: [],
    code: undefined,
    source: 'langfuse/langfuse@62751446 (2026-08-22)',
    as_of: '2026-08-22',
  },
  {
    id: 'datadog',
    name: 'Datadog LLM Observability',
    kind: 'observability',
    also_called: ['datadog-llm-observability'],
    what: 'Spans of model calls beside an application’s other telemetry. Its spans are read as its API gives them.',
    brings: [],
    code: undefined,
    source:
      'https://docs.datadoghq.com/llm_observability/evaluations/export_api (undated); DataDog/dd-trace-py@020ed035',
    as_of: '2026-11-21',
  },
  {
    id: 'opentelemetry',
    name: 'OpenTelemetry GenAI',
    kind: 'observability',
    also_called: ['otel'],
    what: 'Spans with the GenAI conventions, whoever collects them. The router’s own metrics carry the same names.',
    brings: [],
    code: undefined,
    source: 'https://github.com/open-telemetry/semantic-conventions-genai, model/gen-ai/registry.yaml@002c8a6e',
    as_of: '2026-11-21',
  },
];

/** System -> the test of `npm run test:peers` that runs it as the real program. */
export const RUN_AS_PROGRAM: Readonly<Record<string, string>> = {
  litellm: 'test/peers/smoke-litellm.test.ts',
  portkey: 'test/peers/smoke.test.ts',
  'openai-sdk': 'test/peers/clients/openai.test.ts',
  'anthropic-sdk': 'test/peers/clients/anthropic.test.ts',
  langchain: 'test/peers/clients/langchain.test.ts',
  llamaindex: 'test/peers/clients/llamaindex.test.ts',
  'vercel-ai-sdk': 'test/peers/clients/ai-sdk.test.ts',
  http: 'test/peers/clients/curl.test.ts',
};

/** Formats of published data sets, named after who published them: no export of that system. */
export const PUBLISHED_TRACES: readonly string[] = ['azure-2023', 'burstgpt', 'mooncake'];
