/** A column mapping as the YAML that people keep: one line per field with the reason for it, doubts on top. */
import { stringify } from 'yaml';
import type { MappingProposal } from '../trace/propose-mapping.ts';

/** @param file the log that it was made from */
export function mappingText(
  file: string,
  { fields, input_includes, output_includes, decimal_comma, doubts, unused }: MappingProposal,
): string {
  const comment = (text: string): string => `# ${text.replaceAll(/[\r\n]+/g, ' ')}\n`;
  const value = (one: unknown): string => stringify(one, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const lines = fields.map(
    ({ field, column, unit, reason }) =>
      `  ${field}: ${value(unit === undefined ? column : { column, unit })}  ${comment(reason)}`,
  );
  return [
    comment(
      `How the columns of ${file} become requests. Use it with: tollgate trace inspect ${file} --mapping THIS_FILE`,
    ),
    comment('or in a scenario: traffic: {trace: ..., mapping: THIS_FILE}'),
    ...doubts.map((doubt) => comment(`Check: ${doubt}`)),
    'columns:\n',
    ...lines,
    ...(unused.length === 0 ? [] : [comment(`Not read: ${unused.join(', ')}`)]),
    ...(decimal_comma === true ? ['decimal_comma: true  # numbers are written 1.234,5\n'] : []),
    ...(input_includes.length === 0
      ? []
      : [
          `input_includes: ${value(input_includes)}  # counts that the input column holds too; they are taken out of it\n`,
        ]),
    ...(output_includes.length === 0
      ? []
      : [`output_includes: ${value(output_includes)}  # likewise for the output column\n`]),
  ].join('');
}
