/** A request as the stand-in gets it, from a socket or without one. */
import type { IncomingHttpHeaders } from 'node:http';

export interface StandInRequest {
  readonly method: string;
  /** Behind the route's base address, query included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
