/**
 * Whether an answer can be found again: two calls with an id each, not the same one. Of all that this run saw, the share with
 * an id is told; refusals without one are noted, not judged.
 */
import { shareInterval } from '../../measurements/intervals.ts';
import type { TargetCheck } from '../check.ts';
import { estimated } from '../judging/figures.ts';
import { askPatiently } from '../judging/patience.ts';
import { SAY_OK } from '../judging/prompts.ts';
import { fail, isOk, pass, unanswered } from '../judging/verdicts.ts';

export const requestId: TargetCheck = {
  id: 'request_id',
  asks: 'two chats of a few tokens',
  byDefault: true,
  plan: () => [SAY_OK, SAY_OK],
  run: async (probe) => {
    const seen = [await askPatiently(probe, SAY_OK), await askPatiently(probe, SAY_OK)];
    const refused = seen.find((one) => !isOk(one));
    if (refused !== undefined) return unanswered(refused, probe.target, undefined, seen)!;
    const heard = probe.earlier().filter(({ exchange }) => exchange.status > 0);
    const named = heard.filter(({ told }) => told.request_id !== undefined);
    const figures = estimated(
      'request_id_fraction',
      'fraction',
      shareInterval(named.length, heard.length),
      'answers of this run so far that have an id',
    );
    const ids = seen.flatMap(({ told }) => (told.request_id === undefined ? [] : [told.request_id]));
    if (ids.length < seen.length)
      return fail(`expected an id with each of ${seen.length} answers, seen: ${ids.length}`, seen, figures);
    if (new Set(ids).size < ids.length) return fail('expected ids that differ, seen: the same id twice', seen, figures);
    return pass(`ids that differ; ${named.length} of ${heard.length} answers of the run have one`, seen, figures);
  },
};
