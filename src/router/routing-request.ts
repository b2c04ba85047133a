/** A client's request as policies see it: names as numbers, and sizes that are estimated, since nobody has counted yet. */
import { SERVICE_TIERS } from '../meters.ts';
import type { RoutingRequest } from '../routing/request.ts';
import type { RouterParts } from './exchange.ts';
import type { Attribution } from './ledger.ts';
import { longestAnswer, promptTokens } from './prompt-size.ts';
import { isObject } from './reported-usage.ts';
import type { AskedBody } from './request-body.ts';
import type { Target } from './route-table.ts';

export function routingRequest(
  { table, config }: RouterParts,
  target: Target,
  { client, team, user, feature, tags }: Attribution,
  body: AskedBody,
): RoutingRequest {
  const { value } = body;
  const { output_tokens, max_output_tokens } = config.estimates;
  const request = table.request(target, { model: body.model, key: client, team, user, feature });
  const tier = (SERVICE_TIERS as readonly unknown[]).indexOf(value.service_tier);
  if (tier >= 0) request.tier = tier;
  const longest = longestAnswer(body);
  request.prompt_tokens = promptTokens(value);
  request.output_tokens = longest > 0 ? Math.min(longest, output_tokens) : output_tokens;
  request.max_output_tokens = longest > 0 ? longest : max_output_tokens * body.answers;
  const metadata = isObject(value.metadata) ? value.metadata : {};
  target.compiled.metadata.forEach((key, i) => {
    request.metadata[i] = table.metadataIndex(key, tags[key] ?? metadata[key]);
  });
  return request;
}
