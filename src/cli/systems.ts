/** `tollgate systems [name]`: every system that can be named, or all that is known of one and how to use it. */
import type { Command } from 'commander';

interface Flags {
  readonly json?: true;
  readonly markdown?: true;
  readonly prices?: string;
}

export function addSystemsCommand(program: Command): void {
  program
    .command('systems')
    .description(
      'list the systems that can be named: providers, gateways, clients, logs; with a name, what is known of it',
    )
    .argument('[name]', 'as in openrouter, qwen, "Vercel AI SDK"')
    .option('--prices <dir>', "folder of a price book (default: the project's own)")
    .option('--json', 'print JSON')
    .option('--markdown', 'print Markdown; of all systems what docs/systems.md holds')
    .action(systems);
}

async function systems(name: string | undefined, { json, markdown, prices }: Flags): Promise<void> {
  const [{ readPriceBook }, { knownSystems, systemCalled }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../systems/systems.ts'),
  ]);
  const all = knownSystems(await readPriceBook(prices));
  const one = name === undefined ? undefined : systemCalled(all, name);
  if (json) {
    process.stdout.write(`${JSON.stringify(one ?? all, undefined, 2)}\n`);
    return;
  }
  if (markdown) {
    const { systemMarkdown, systemsMarkdown } = await import('../systems/markdown.ts');
    process.stdout.write(one === undefined ? systemsMarkdown(all) : systemMarkdown(one));
    return;
  }
  process.stdout.write(one === undefined ? await tableOf(all) : await inWords(one));
}

/** Fees wrap here, so that the table fits a wide terminal. */
const CELL_WIDTH = 46;
/** A page of one system, where the terminal does not say how wide it is. */
const PAGE_WIDTH = 110;

type Systems = ReturnType<typeof import('../systems/systems.ts').knownSystems>;

async function tableOf(all: Systems): Promise<string> {
  const [{ terminalTable }, { ROW_HEAD, rowOf }, { plainText }, { linesOf }] = await Promise.all([
    import('./terminal-table.ts'),
    import('../systems/words.ts'),
    import('../report/escape.ts'),
    import('../report/display-width.ts'),
  ]);
  const table = await terminalTable(['System', ...ROW_HEAD], ['left', 'left', 'left', 'left', 'right', 'left', 'left']);
  const cell = (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => linesOf(plainText(line), CELL_WIDTH))
      .join('\n');
  for (const one of all) table.push([one.id, ...rowOf(one, '\n').map(cell)]);
  return `${table.toString()}\nOf one: tollgate systems NAME. Brings: capabilities of nine; Prices: rate cards.\n`;
}

async function inWords(one: Systems[number]): Promise<string> {
  const [{ sectionsOf }, { plainText }, { linesOf }, { terminalTraits }, { colours }] = await Promise.all([
    import('../systems/words.ts'),
    import('../report/escape.ts'),
    import('../report/display-width.ts'),
    import('./terminal-traits.ts'),
    import('./colours.ts'),
  ]);
  const pc = colours();
  const width = Math.max(40, Math.min(terminalTraits().width ?? PAGE_WIDTH, PAGE_WIDTH) - 4);
  const called = one.also_called.length === 0 ? '' : `, also called ${one.also_called.join(', ')}`;
  const head = `${pc.bold(plainText(one.name))} (${one.id}${called}): ${one.kinds.join(' and ')}`;
  const sections = sectionsOf(one).map(({ title, lines, code }) => {
    const shown =
      code === undefined
        ? lines.flatMap((line) =>
            linesOf(plainText(line), width).map((part, i) => `${i === 0 ? '  - ' : '    '}${part}`),
          )
        : lines.map((line) => `    ${line}`);
    return `${pc.bold(title)}\n${shown.join('\n')}`;
  });
  return `${[head, ...sections].join('\n\n')}\n`;
}
