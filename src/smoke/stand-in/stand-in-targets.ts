/** The two routes of a stand-in as targets: the direct one is the baseline. They need no key. */
import type { CheckId } from '../../measurements/contract.ts';
import type { Target } from '../target.ts';
import { STAND_IN_IMAGE } from './models.ts';
import { type RouteSpec, STAND_IN_ROUTES, type StandInRouteName, type StandInSpec } from './spec.ts';

const REQUIRED: readonly CheckId[] = ['reachable', 'streaming', 'error_shape'];
const SYSTEMS: Readonly<Record<StandInRouteName, string>> = { direct: 'stand-in', gateway: 'stand-in gateway' };

export const standInTargets = (spec: StandInSpec, origin: string): readonly Target[] =>
  STAND_IN_ROUTES.map((name) => standInTarget(spec, name, origin));

export function standInTarget(spec: StandInSpec, name: StandInRouteName, origin: string): Target {
  const { api } = spec;
  const isOpenai = api === 'openai';
  const model = isOpenai ? 'gpt-4o-mini' : 'claude-haiku-4-5';
  const system = SYSTEMS[name];
  return {
    id: system.replaceAll(' ', '-'),
    system,
    kind: 'stand_in',
    base_url: `${origin}/${name}/v1`,
    api,
    model,
    priced_as: { seller: isOpenai ? 'openai' : 'anthropic', model },
    key_env: undefined,
    key_header: isOpenai ? 'authorization' : 'x-api-key',
    key_prefix: isOpenai ? 'Bearer ' : '',
    headers: isOpenai ? {} : { 'anthropic-version': '2023-06-01' },
    reports_cost: reportOf(spec[name]),
    supports: {},
    embeddings_model: isOpenai ? 'text-embedding-3-small' : undefined,
    images_model: isOpenai ? STAND_IN_IMAGE.name : undefined,
    usd_per_image: isOpenai ? STAND_IN_IMAGE.nano_usd.image / 1e9 : undefined,
    isBaseline: name === 'direct',
    required: new Set(REQUIRED),
    timeout_ms: 10_000,
    output_limit: isOpenai ? 'max_completion_tokens' : 'max_tokens',
  };
}

function reportOf({ reports_cost }: RouteSpec): Target['reports_cost'] {
  const unit = { unit: 'USD', usd_per_unit: 1 };
  switch (reports_cost) {
    case 'usage':
      return { in: 'usage', name: 'cost', ...unit, streamed: true };
    case 'header':
      return { in: 'header', name: 'x-stand-in-cost', ...unit, streamed: false };
    case 'lookup':
      return { in: 'lookup', name: 'data.total_cost', path: '/generation?id={id}', ...unit, streamed: true };
    default:
      return undefined;
  }
}
