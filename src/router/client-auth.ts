/**
 * Who asks: the key's SHA-256 is compared with every client's in constant time, so that neither the time nor the order of
 * the list tells anything. Without clients in the configuration everybody is the one local client.
 *
 * A key is kept as long as the connection that it came on: what was right there is right there again, word for word.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Client } from './config.ts';
import { one } from './headers.ts';

export interface KnownClient extends Pick<Client, 'name' | 'team' | 'models'> {
  /** Teams of clients: nobody else can speak for them. */
  readonly teams: ReadonlySet<string>;
}

const LOCAL: KnownClient = { name: 'local', teams: new Set() };

type Asking = Pick<IncomingMessage, 'headers' | 'socket'>;

export class ClientAuth {
  readonly #clients: readonly { readonly client: KnownClient; readonly digest: Buffer }[] | undefined;
  readonly #last = new WeakMap<object, { readonly words: string; readonly client: KnownClient }>();

  constructor(clients: readonly Client[] | undefined) {
    const teams = new Set((clients ?? []).flatMap(({ team }) => team ?? []));
    this.#clients = clients?.map((client) => ({
      client: { ...client, teams },
      digest: Buffer.from(client.key_sha256, 'hex'),
    }));
  }

  /** @param takesApiKey whether x-api-key counts as well, as Anthropic's clients send it */
  check({ headers, socket }: Asking, takesApiKey = false): KnownClient {
    if (this.#clients === undefined) return LOCAL;
    const words = headers.authorization ?? '';
    const last = this.#last.get(socket);
    if (last !== undefined && last.words === words) return last.client;
    const bearer = /^Bearer +(\S+)$/i.exec(words)?.[1];
    const key = bearer ?? (takesApiKey ? one(headers['x-api-key']) : undefined);
    const client = this.#clientOf(key ?? '');
    if (client === undefined || key === undefined) throw unknownKey(key !== undefined);
    if (bearer !== undefined) this.#last.set(socket, { words, client });
    return client;
  }

  #clientOf(key: string): KnownClient | undefined {
    const digest = hash('sha256', key, 'buffer');
    let found: KnownClient | undefined;
    for (const known of this.#clients ?? []) if (timingSafeEqual(known.digest, digest)) found = known.client;
    return found;
  }
}

const unknownKey = (wasSent: boolean): ApiError =>
  new ApiError({
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: wasSent ? 'the key is not known here' : 'no key was sent; expected Authorization: Bearer KEY',
    headers: { 'www-authenticate': 'Bearer' },
  });
