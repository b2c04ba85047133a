/**
 * Findings about replays that a reader has to know: what of the contract `run` leaves to `tollgate replay`, names that are no
 * strategy, strategies that are priced as the traffic was, what in it takes no request, and what its policies rely on.
 */
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { type Diagnostic, notice, warning } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Replayed, ReplayedStrategies } from './replay/replayed.ts';
import type { Question } from './scenario/resolve.ts';
import type { UsageTable } from './usage/table.ts';

export function replayFindings({ scenario }: Question, replays: ReplayedStrategies, usage: UsageTable): Diagnostic[] {
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
    ...idleOutages(scenario, usage),
    ...[...replays].flatMap(([id, replayed]) => [
      ...idleWaits(id, replayed, usage),
      ...unusedShare(id, replayed),
      ...movedModels(id, replayed, usage),
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

/** Stated outages that no request of the traffic can meet. */
function idleOutages({ replay, outages }: Question['scenario'], { window }: UsageTable): Diagnostic[] {
  if (outages.from !== 'replay' || window === undefined) return [];
  return (replay?.conditions.outages ?? []).flatMap(({ component, from, until }, i) =>
    Date.parse(until) > window.from_ms && Date.parse(from) < window.until_ms
      ? []
      : [
          warning(
            'WITHOUT_EFFECT',
            `replay.conditions.outages[${i}]`,
            `${component} is down from ${from} until ${until}, and the traffic lies from ${new Date(window.from_ms).toISOString()} until ${new Date(window.until_ms).toISOString()}: no request meets it`,
          ),
        ],
  );
}

function idleWaits(id: string, { stated }: Replayed, { rows }: UsageTable): Diagnostic[] {
  const features = [...new Set(rows.map(({ feature }) => feature))];
  return Object.keys(stated.batch?.waits ?? {})
    .filter((feature) => !features.includes(feature))
    .map((feature) =>
      warning(
        'WITHOUT_EFFECT',
        `replay.strategies.${id}.batch.waits.${feature}`,
        `the traffic has no feature "${feature}"${didYouMean(feature, features)}: no request waits`,
      ),
    );
}

const unusedShare = (id: string, { stated: { response_cache }, lacksPrompts }: Replayed): Diagnostic[] =>
  lacksPrompts || response_cache?.hit_share === undefined
    ? []
    : [
        notice(
          'HIT_SHARE_UNUSED',
          `replay.strategies.${id}.response_cache.hit_share`,
          'is not used: the traffic has prompt hashes, and its hits are counted',
        ),
      ];

/** Models that requests were recorded on and that the policy sends nothing to. */
function movedModels(id: string, { result }: Replayed, { rows }: UsageTable): Diagnostic[] {
  const used = new Set(result.usage.rows.map(({ model }) => model));
  const all = rows.reduce((total, { requests }) => total + requests, 0);
  return [...new Set(rows.map(({ model }) => model))]
    .filter((model) => !used.has(model))
    .map((model) => {
      const moved = rows.filter((row) => row.model === model).reduce((total, { requests }) => total + requests, 0);
      return notice(
        'REPLAY_MOVES_MODEL',
        `replay.strategies.${id}`,
        `${moved} requests (${Number(((100 * moved) / all).toPrecision(3))} %) that count under ${model} go to other models under its policy`,
      );
    });
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

export const builtForReplay = (id: string, capability: Capability): Diagnostic =>
  notice(
    'REPLAY_CAPABILITY',
    `replay.strategies.${id}`,
    `relies on ${capability} (${CAPABILITIES[capability].toLowerCase()}), which is counted as built for it although \`needs\` does not ask for it; name it under \`already_built\` if it is there`,
  );
