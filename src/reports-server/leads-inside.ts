/** Whether a path that is there lies in a folder once all links of both are followed. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';

export async function leadsInside(root: string, file: string): Promise<boolean> {
  const [inside, found] = await Promise.all([realpath(root), realpath(file)]);
  const way = path.relative(inside, found);
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
