/** Whom a request is for: from the client's own entry, its headers and its body. What is longer than a name is cut. */
import type { IncomingHttpHeaders } from 'node:http';
import type { KnownClient } from './client-auth.ts';
import { one } from './headers.ts';
import type { Attribution } from './ledger.ts';
import { isObject, type JsonObject } from './reported-usage.ts';

const LONGEST_NAME = 128;

const name = (...candidates: readonly unknown[]): string | undefined => {
  const found = candidates.find((one): one is string => typeof one === 'string' && one !== '');
  return found?.slice(0, LONGEST_NAME);
};

export function attributionOf(client: KnownClient, headers: IncomingHttpHeaders, body: JsonObject): Attribution {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  return {
    client: client.name,
    team: client.team,
    user: name(one(headers['x-tollgate-user']), body.user, metadata.user, metadata.user_id),
    feature: name(one(headers['x-tollgate-feature']), metadata.feature),
  };
}
