/** A word as a shell takes it: in quotes where it holds anything but letters, digits and what no shell reads in a way of its own. */
export const shellWord = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
