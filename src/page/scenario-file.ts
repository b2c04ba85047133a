/**
 * The scenario as it was read, with the settings put in: the file behind `Download scenario.yaml`.
 *
 * The settings go the way of `--set`: the flags that whatif words are parsed and applied by the scenario's own code, so
 * that the file and the flags can't say different things. Paths of traces in it stay relative to the original file.
 */
import { plainText } from '../report/escape.ts';
import { plural } from '../report/format.ts';
import { applyOverrides, parseOverride } from '../scenario/overrides.ts';
import { yamlText } from './yaml-text.ts';

/** @param flags `--set`, `path=value`, `--set`, … */
export function scenarioFile(scenario: unknown, flags: readonly string[], file: string): string {
  const overrides = flags.filter((flag) => flag !== '--set').map((flag) => parseOverride(flag, flagValue));
  const heading = [
    `# ${plainText(file)}, with ${plural(overrides.length, 'place')} changed on the report's page.`,
    '# Keep it in the folder of that file: traces and other files in it are found from there.',
  ];
  return `${heading.join('\n')}\n${yamlText(applyOverrides(scenario, overrides))}`;
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** As YAML reads a single plain or quoted value. */
export function flagValue(text: string): unknown {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(text)) return JSON.parse(text) as unknown;
  if (/^\[.*\]$/s.test(text))
    return text
      .slice(1, -1)
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .map(flagValue);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === '~' || text === '') return null;
  return NUMBER.test(text) ? Number(text) : text;
}
