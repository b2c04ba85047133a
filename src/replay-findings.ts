/**
 * Findings about replays that a reader has to know: what of the contract `run` leaves to `tollgate replay`, names that are no
 * strategy, strategies that are priced as the traffic was, and capabilities that a policy relies on although nobody brings,
 * builds or needs them.
 */
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { type Diagnostic, notice, warning } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Replayed, ReplayedStrategies } from './replay/replayed.ts';
import type { Question } from './scenario/resolve.ts';

export function replayFindings({ scenario }: Question, replays: ReplayedStrategies): Diagnostic[] {
  const { replay, strategies, outages } = scenario;
  if (replay === undefined) return [];
  const ids = strategies.map(({ id }) => id);
  const phased = new Set(strategies.filter(({ kind }) => kind === 'phased').map(({ id }) => id));
  const without = ids.filter((id) => !replays.has(id) && !phased.has(id));
  return [
    ...Object.keys(replay.strategies).flatMap((id) => {
      if (replays.has(id)) return [];
      const why = phased.has(id) ? 'it is phased: name its phases' : `no strategy has this id${didYouMean(id, ids)}`;
      return [warning('REPLAY_ALONE', `replay.strategies.${id}`, `is for \`tollgate replay\` alone: ${why}`)];
    }),
    ...(replays.size === 0 || without.length === 0
      ? []
      : [
          notice('NOT_REPLAYED', 'replay.strategies', `does not name ${without.join(', ')}: priced as the traffic was`),
        ]),
    ...(outages.from === 'replay' || replay.conditions.outages.length === 0
      ? []
      : [
          notice(
            'REPLAY_OUTAGES_APART',
            'replay.conditions.outages',
            `are met in \`tollgate replay\`; costs take ${outages.from === 'history' ? 'the expectation from history' : 'no outage'} (outages: {from: replay} counts them here)`,
          ),
        ]),
  ];
}

/** What a strategy's replay does that somebody has to bring or to build. */
export function reliesOn({ stated: { routing, response_cache }, fallback }: Replayed): Capability[] {
  const { policy, policies, budgets, retries } = routing;
  const kinds = JSON.stringify([policy, policies]).match(/"kind":"(\w+)"/g) ?? [];
  const routes = kinds.some((kind) => !/"(single|fallback|batch)"$/.test(kind));
  return [
    ...(fallback.length > 0 || kinds.some((kind) => kind.endsWith('"fallback"')) ? (['fallback'] as const) : []),
    ...(routes ? (['routing_policy'] as const) : []),
    ...(retries === undefined ? [] : (['rate_limit_handling'] as const)),
    ...(budgets.length === 0 ? [] : (['budgets'] as const)),
    ...(response_cache === undefined ? [] : (['caching'] as const)),
  ];
}

/** Told where its effort is in no line. */
export const uncountedCapability = (id: string, capability: Capability): Diagnostic =>
  notice(
    'REPLAY_CAPABILITY',
    `replay.strategies.${id}`,
    `relies on ${capability} (${CAPABILITIES[capability].toLowerCase()}), whose effort is not counted: the strategy does not bring it, and it is neither under \`needs\` nor \`already_built\``,
  );
