/** What reading a fixture gave, in the few words that a test of a provider's export compares. */
import { readFixture } from './read-fixture.ts';

export async function readText(text: string | Buffer) {
  const { format, requests, skipped, rejects, warnings } = await readFixture(text);
  return {
    format,
    requests,
    skipped: Object.fromEntries(skipped.map(({ reason, rows }) => [reason, rows])),
    rejects: rejects.map(({ line, reason }) => `${line}: ${reason}`),
    warnings: warnings.map(({ message }) => message),
  };
}

export const utc = (text: string): number => Date.parse(`${text}Z`);
