/** Addresses of the server's pages, each part encoded, and names read back from them. */

export const reportAddress = (name: string, file = 'report.html'): string =>
  `/reports/${[...partsOf(name), file].map((part) => encodeURIComponent(part)).join('/')}`;

/** The report in the folder itself has no part of its own. */
const partsOf = (name: string): string[] => (name === '.' ? [] : name.split('/'));

export const compareAddress = (names: readonly string[]): string =>
  `/compare?${names.map((name, i) => `${LETTERS[i]!.toLowerCase()}=${encodeURIComponent(name)}`).join('&')}`;

/** As many as can be compared. */
export const LETTERS = ['A', 'B', 'C'] as const;

/**
 * The parts of an address's path, each decoded once; undefined where one is empty, hidden, `..`, or holds what separates
 * names on any system once it is decoded.
 */
export function partsOfPath(pathname: string): string[] | undefined {
  const parts: string[] = [];
  for (const encoded of pathname.split('/').slice(1)) {
    let part: string;
    try {
      part = decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
    if (part === '' || part.startsWith('.') || /[/\\\u0000-\u001f\u007f]/.test(part)) return undefined;
    parts.push(part);
  }
  return parts;
}
