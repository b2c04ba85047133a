/**
 * A seller's own key where the seller repeats it: in what it sends, the key is starred out byte for byte, so that lengths hold,
 * and headers that hold it are left out. All other bytes stay as they came.
 *
 * Found is the key as it is and, in errors, as JSON may escape it; not one that is split over events or encoded otherwise. A
 * key shorter than 16 characters is a word that stands in for one (local sellers ask for any), and answers may hold words.
 */
import type { IncomingHttpHeaders } from 'node:http';

const SHORTEST_SECRET = 16;
const isSecret = (key: string | undefined): key is string => key !== undefined && key.length >= SHORTEST_SECRET;

export function withoutKey(bytes: Buffer, key: string | undefined): Buffer {
  if (!isSecret(key) || !bytes.includes(key)) return bytes;
  const starred = Buffer.from(bytes);
  for (let at = starred.indexOf(key); at >= 0; at = starred.indexOf(key, at)) starred.fill('*', at, at + key.length);
  return starred;
}

export function headersWithoutKey(headers: IncomingHttpHeaders, key: string | undefined): IncomingHttpHeaders {
  if (!isSecret(key)) return headers;
  const holds = (name: string): boolean => String(headers[name]).includes(key);
  if (!Object.keys(headers).some(holds)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !holds(name)));
}

/** Whether a reader of the JSON would see the key, however it is escaped. */
export function holdsKey(bytes: Buffer, key: string | undefined): boolean {
  if (!isSecret(key)) return false;
  try {
    return JSON.stringify(JSON.parse(bytes.toString('utf8'))).includes(JSON.stringify(key).slice(1, -1));
  } catch {
    return bytes.includes(key);
  }
}
