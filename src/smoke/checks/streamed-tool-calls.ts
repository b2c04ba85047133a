/** Whether a tool call survives being streamed in pieces. Only faults of its pieces count here, others are streaming's. */
import type { TargetCheck } from '../check.ts';
import { askPatiently } from '../judging/patience.ts';
import { CALL_TOOL } from '../judging/prompts.ts';
import { fail, unanswered } from '../judging/verdicts.ts';
import { judgedCall } from './tool-calls.ts';

const ASKED = { ...CALL_TOOL, isStream: true };

export const streamedToolCalls: TargetCheck = {
  id: 'streamed_tool_calls',
  asks: 'a call of one tool, streamed',
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'tools');
    if (refusal !== undefined) return refusal;
    if (seen.exchange.events.length === 0)
      return fail('expected a stream of events, seen: an answer in one piece', seen);
    return judgedCall(
      seen,
      seen.told.faults.filter((fault) => fault.includes('tool call')),
    );
  },
};
