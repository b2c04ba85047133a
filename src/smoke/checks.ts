/**
 * All checks of the suite, and which of them a run takes. `reachable` stands first, since nothing else is asked of what does
 * not answer; those that look back at the whole run stand last.
 */
import { allOrProblems, inputError } from '../errors.ts';
import { CHECKS, type CheckId } from '../measurements/contract.ts';
import { didYouMean } from '../nearest.ts';
import { attribution } from './checks/attribution.ts';
import { cancel } from './checks/cancel.ts';
import { costReported } from './checks/cost-reported.ts';
import { cutHandling } from './checks/cut-handling.ts';
import { embeddings } from './checks/embeddings.ts';
import { errorShape } from './checks/error-shape.ts';
import { idempotentRetries } from './checks/idempotent-retries.ts';
import { images } from './checks/images.ts';
import { jsonMode } from './checks/json-mode.ts';
import { jsonSchema } from './checks/json-schema.ts';
import { latency } from './checks/latency.ts';
import { modelSnapshot } from './checks/model-snapshot.ts';
import { promptCache } from './checks/prompt-cache.ts';
import { quotaBurn } from './checks/quota-burn.ts';
import { reachable } from './checks/reachable.ts';
import { requestId } from './checks/request-id.ts';
import { retryBehaviour } from './checks/retry-behaviour.ts';
import { streamedToolCalls } from './checks/streamed-tool-calls.ts';
import { streaming } from './checks/streaming.ts';
import { tooLongPrompt } from './checks/too-long-prompt.ts';
import { toolCalls } from './checks/tool-calls.ts';
import { usageAccounting } from './checks/usage-accounting.ts';
import type { Check } from './run-smoke.ts';

export const ALL_CHECKS: readonly Check[] = [
  reachable,
  latency,
  usageAccounting,
  promptCache,
  streaming,
  toolCalls,
  streamedToolCalls,
  jsonMode,
  jsonSchema,
  embeddings,
  images,
  errorShape,
  tooLongPrompt,
  cancel,
  costReported,
  attribution,
  requestId,
  modelSnapshot,
  quotaBurn,
  idempotentRetries,
  cutHandling,
  retryBehaviour,
];

/** Without names: those that are run by default. With: those alone, and `reachable` before them. Throws an InputError. */
export function chosenChecks(only: readonly string[] = []): readonly Check[] {
  if (only.length === 0) return ALL_CHECKS.filter(({ byDefault }) => byDefault);
  const ids: ReadonlySet<CheckId> = new Set(allOrProblems(only, checkId));
  return ALL_CHECKS.filter(({ id }) => id === 'reachable' || ids.has(id));
}

function checkId(name: string): CheckId {
  const id = CHECKS.find((one) => one === name);
  if (id !== undefined) return id;
  throw inputError(
    'SMOKE_CHECK',
    '--only',
    `there is no check "${name}"${didYouMean(name, CHECKS)}; there are ${CHECKS.join(', ')}`,
  );
}
