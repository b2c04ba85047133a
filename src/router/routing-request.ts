/**
 * A client's request as policies see it: names as numbers, and sizes that are estimated, since nobody has counted yet. Images
 * are counted in place of tokens of an answer.
 */
import { SERVICE_TIERS } from '../meters.ts';
import type { RoutingRequest } from '../routing/request.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import type { Attribution } from './ledger.ts';
import { longestAnswer, promptTokens } from './prompt-size.ts';
import { isObject } from './reported-usage.ts';
import type { Target } from './route-table.ts';

export function routingRequest(
  { table, config }: RouterParts,
  target: Target,
  { client, team, user, feature, tags }: Attribution,
  { operation, body }: Pick<Exchange, 'operation' | 'body'>,
): RoutingRequest {
  const { value } = body;
  const { output_tokens, max_output_tokens } = config.estimates;
  const request = table.request(target, { model: body.model, key: client, team, user, feature });
  const tier = (SERVICE_TIERS as readonly unknown[]).indexOf(value.service_tier);
  if (tier >= 0) request.tier = tier;
  request.prompt_tokens = promptTokens(value);
  if (operation.makesImages) request.output_tokens = body.answers;
  else if (operation.name !== 'embeddings') {
    const longest = longestAnswer(body);
    request.output_tokens = longest > 0 ? Math.min(longest, output_tokens) : output_tokens;
    request.max_output_tokens = longest > 0 ? longest : max_output_tokens * body.answers;
  }
  const metadata = isObject(value.metadata) ? value.metadata : {};
  target.compiled.metadata.forEach((key, i) => {
    request.metadata[i] = table.metadataIndex(key, tags[key] ?? metadata[key]);
  });
  return request;
}
