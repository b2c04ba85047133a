/** Building blocks of report.md: sections, bullets and tables of cells that are Markdown already. */

/** A table; `r` aligns a column right. */
export function table(head: readonly string[], align: string, rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line([...align].map((a) => (a === 'r' ? '--:' : ':--'))), ...rows.map(line), ''];
}

export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines];

export const bullets = (texts: readonly string[]): string[] => texts.map((text) => `- ${text}`);
