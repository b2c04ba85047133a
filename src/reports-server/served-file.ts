/**
 * A file of a report as it is served: only kinds of file that a report has, only below a folder that holds a report, nothing
 * to which a link leads out of the folder, nothing of more than 64 MB. HTML comes with the content security policy that its
 * own head states, and a strict one where it states none.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { REPORT_HTML, REPORT_JSON } from './find-reports.ts';
import { leadsInside } from './leads-inside.ts';

export interface ServedFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly type: string;
  readonly policy: string;
}

const LARGEST_FILE_BYTES = 64_000_000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
};

/** Pictures open by themselves are pages as well: they run nothing. */
const STILL =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox";
/** Whatever a page allows itself, it asks no other address of this server and stands in nobody's frame. */
const FLOOR = "connect-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Undefined: there is none, whatever the reason; a text: there is one, and this is why it is not served. */
export async function servedFile(root: string, parts: readonly string[]): Promise<ServedFile | string | undefined> {
  const file = path.join(root, ...parts);
  const type = TYPES[path.extname(file).toLowerCase()];
  if (type === undefined) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  if (!(await leadsInside(root, file)) || !(await isOfReport(root, parts))) return undefined;
  if (found.size > LARGEST_FILE_BYTES)
    return `has ${Math.ceil(found.size / 1e6)} MB; at most ${LARGEST_FILE_BYTES / 1e6} MB are shown. It lies in ${path.dirname(file)}`;
  const body = await readFile(file);
  return { body, type, policy: type.startsWith('text/html') ? policyOf(body) : STILL };
}

async function isOfReport(root: string, parts: readonly string[]): Promise<boolean> {
  for (let depth = parts.length - 1; depth >= 0; depth--)
    for (const name of [REPORT_JSON, REPORT_HTML]) {
      const found = await stat(path.join(root, ...parts.slice(0, depth), name)).catch(() => undefined);
      if (found?.isFile() === true) return true;
    }
  return false;
}

const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&#39;': "'",
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

/** Two policies, both of which hold: the page's own and ours. */
function policyOf(page: Buffer): string {
  const head = page.toString('utf8', 0, 65_536).split('<body')[0]!;
  const own = META.exec(head)?.[1]?.replace(/&(#39|quot|lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
  return own === undefined || !/^[\x20-\x7e]+$/.test(own) || own.includes(',') ? STILL : `${own}, ${FLOOR}`;
}
