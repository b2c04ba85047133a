/** What every command takes, from its own help. Takes a function that gives the help of a command, gives the text of docs/commands.md. */

/** @param {string} help @returns {string[]} names of the commands below */
const commandsIn = (help) => {
  const [, list = ''] = help.split(/^Commands:$/m);
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
};

/** @param {(path: readonly string[]) => string} helpOf */
export function commandsText(helpOf) {
  const sections = (/** @type {readonly string[]} */ path) =>
    commandsIn(helpOf(path)).flatMap((name) => {
      const here = [...path, name];
      const help = helpOf(here);
      if (commandsIn(help).length > 0) return sections(here);
      return [`## ${here.join(' ')}`, '', '```text', ...help.trimEnd().split('\n'), '```', ''];
    });
  return `${[
    '# Commands',
    '',
    'Made from the commands’ own help (`npm run docs`); `npx tollgate COMMAND --help` says the same.',
    '',
    'Exit codes: 0 fine, 1 finished with errors in the data (rejected rows, unpriced usage) or a condition that failed, 2 bad input, 70 a',
    'bug.',
    '',
    ...sections([]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
