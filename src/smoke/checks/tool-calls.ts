/** Whether a tool is called when it is asked for: its name, arguments that are JSON by its schema, the right finish reason. */
import type { Judged, Seen, TargetCheck } from '../check.ts';
import { nonconformities } from '../judging/json-schema.ts';
import { askPatiently } from '../judging/patience.ts';
import { CALL_TOOL, TOOL } from '../judging/prompts.ts';
import { fail, isAtLimit, nameInWords, notRun, pass, unanswered } from '../judging/verdicts.ts';

const FINISH: ReadonlySet<string | undefined> = new Set(['tool_calls', 'tool_use']);

export const toolCalls: TargetCheck = {
  id: 'tool_calls',
  asks: 'a call of one tool',
  byDefault: true,
  plan: () => [CALL_TOOL],
  run: async (probe) => {
    const seen = await askPatiently(probe, CALL_TOOL);
    return unanswered(seen, probe.target, 'tools') ?? judgedCall(seen);
  },
};

/** Of an answer that should call the tool; `faults`: what else was wrong with it. */
export function judgedCall(seen: Seen, faults: readonly string[] = []): Judged {
  const { tool_calls: calls, finish } = seen.told;
  const [call] = calls;
  if (call === undefined && isAtLimit(seen.told))
    return notRun('the limit of the answer was used up before a tool was called', seen);
  if (call === undefined) return fail(`expected a call of ${TOOL.name}, seen: an answer in words`, seen);
  const wrong = [
    ...faults,
    ...(call.name === TOOL.name ? [] : ['a call of another tool']),
    ...wrongArguments(call.arguments),
    ...(FINISH.has(finish) ? [] : [`finish reason ${nameInWords(finish ?? 'none')}`]),
  ];
  return wrong.length > 0
    ? fail(`expected a call of ${TOOL.name} with arguments by its schema, seen: ${wrong.join('; ')}`, seen)
    : pass(`${TOOL.name} is called with arguments by its schema, finish reason ${finish}`, seen);
}

function wrongArguments(text: string): readonly string[] {
  try {
    return nonconformities(JSON.parse(text), TOOL.parameters, 'arguments');
  } catch (error) {
    if (error instanceof SyntaxError) return [`arguments that are no JSON (${text.length} characters)`];
    throw error;
  }
}
