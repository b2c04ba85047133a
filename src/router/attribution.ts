/**
 * Whom a request is for: from the client's own entry, its headers and its body; config.ts lists the words. A header goes
 * before the body. The team of a client's key holds whatever the request says, and a team that keys have can't be named by
 * a client without one: its budget would be spent by others. What is longer than a name is cut; tags are 16 at most.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { KnownClient } from './client-auth.ts';
import { one } from './headers.ts';
import type { Attribution } from './ledger.ts';
import { isObject, type JsonObject } from './reported-usage.ts';

const LONGEST_NAME = 128;
const MOST_TAGS = 16;
/** Of the body's metadata, what stands in columns of its own. */
const SPOKEN_FOR = new Set(['user', 'user_id', 'feature', 'team']);

const name = (...candidates: readonly unknown[]): string | undefined => {
  const found = candidates.find((one): one is string => typeof one === 'string' && one !== '');
  return found?.slice(0, LONGEST_NAME);
};

export function attributionOf(client: KnownClient, headers: IncomingHttpHeaders, body: JsonObject): Attribution {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const user = name(
    one(headers['x-tollgate-user']),
    body.safety_identifier,
    body.user,
    metadata.user,
    metadata.user_id,
  );
  const team = client.team ?? name(one(headers['x-tollgate-team']), metadata.team);
  return {
    client: client.name,
    team: team !== undefined && client.team === undefined && client.teams.has(team) ? undefined : team,
    user,
    feature: name(one(headers['x-tollgate-feature']), metadata.feature),
    tags: tagsOf(one(headers['x-tollgate-tags']), metadata),
  };
}

const NONE: Attribution['tags'] = {};

function tagsOf(header: string | undefined, metadata: JsonObject): Attribution['tags'] {
  const stated = Object.entries(metadata).filter(([key]) => !SPOKEN_FOR.has(key));
  if (header === undefined && stated.length === 0) return NONE;
  const tags = new Map<string, string>();
  const add = (key: string, value: unknown): void => {
    if (key === '' || tags.has(key) || tags.size >= MOST_TAGS) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      tags.set(key.slice(0, LONGEST_NAME), String(value).slice(0, LONGEST_NAME));
  };
  for (const pair of (header ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (at > 0) add(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  for (const [key, value] of stated) add(key, value);
  return Object.fromEntries(tags);
}
