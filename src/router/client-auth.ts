/**
 * Who asks: the key's SHA-256 is compared with every client's in constant time, so that neither the time nor the order of
 * the list tells anything. Keys are never kept; without clients in the configuration everybody is the one local client.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Client } from './config.ts';
import { one } from './headers.ts';

export interface KnownClient extends Pick<Client, 'name' | 'team' | 'models'> {
  /** Teams of clients: nobody else can speak for them. */
  readonly teams: ReadonlySet<string>;
}

const LOCAL: KnownClient = { name: 'local', teams: new Set() };

export class ClientAuth {
  readonly #clients: readonly { readonly client: KnownClient; readonly digest: Buffer }[] | undefined;

  constructor(clients: readonly Client[] | undefined) {
    const teams = new Set((clients ?? []).flatMap(({ team }) => team ?? []));
    this.#clients = clients?.map((client) => ({
      client: { ...client, teams },
      digest: Buffer.from(client.key_sha256, 'hex'),
    }));
  }

  /** @param takesApiKey whether x-api-key counts as well, as Anthropic's clients send it */
  check(headers: IncomingHttpHeaders, takesApiKey = false): KnownClient {
    if (this.#clients === undefined) return LOCAL;
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const key = bearer ?? (takesApiKey ? one(headers['x-api-key']) : undefined);
    const digest = Buffer.from(hash('sha256', key ?? '', 'hex'), 'hex');
    let found: KnownClient | undefined;
    for (const known of this.#clients) if (timingSafeEqual(known.digest, digest)) found = known.client;
    if (found !== undefined && key !== undefined) return found;
    throw new ApiError({
      status: 401,
      type: 'invalid_request_error',
      code: 'invalid_api_key',
      message: key === undefined ? 'no key was sent; expected Authorization: Bearer KEY' : 'the key is not known here',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}
