/**
 * A seller's own key where the seller repeats it: in what it sends, the key is starred out byte for byte, so that lengths hold,
 * and headers that hold it are left out. All other bytes stay as they came.
 *
 * Found is the key as it is and, in errors, as JSON may escape it; not one that is split over events or encoded otherwise. A
 * key shorter than 16 characters is a word that stands in for one (local sellers ask for any), and answers may hold words.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { bytesOfWire, jsonOfWire, wireOf } from './wire-text.ts';

const SHORTEST_SECRET = 16;
const isSecret = (key: string | undefined): key is string => key !== undefined && key.length >= SHORTEST_SECRET;

/** @param wire a message as it goes over the wire; keys are plain ASCII */
export const holdsSecret = (wire: string, key: string | undefined): key is string =>
  isSecret(key) && wire.includes(key);

export const withoutKey = (wire: string, key: string | undefined): string =>
  holdsSecret(wire, key) ? wire.replaceAll(key, '*'.repeat(key.length)) : wire;

export const bytesWithoutKey = (bytes: Buffer, key: string | undefined): Buffer =>
  isSecret(key) && bytes.includes(key) ? bytesOfWire(withoutKey(wireOf(bytes), key)) : bytes;

export function headersWithoutKey(headers: IncomingHttpHeaders, key: string | undefined): IncomingHttpHeaders {
  if (!isSecret(key)) return headers;
  const holds = (name: string): boolean => String(headers[name]).includes(key);
  if (!Object.keys(headers).some(holds)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !holds(name)));
}

/** Whether a reader of the JSON would see the key, however it is escaped. */
export function holdsKey(wire: string, key: string | undefined): boolean {
  if (!isSecret(key)) return false;
  try {
    return JSON.stringify(jsonOfWire(wire)).includes(JSON.stringify(key).slice(1, -1));
  } catch {
    return wire.includes(key);
  }
}
