/** `tollgate schema`: the JSON Schema of a scenario, for editors. */
import type { Command } from 'commander';

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a scenario')
    .action(async () => {
      const { scenarioJsonSchema } = await import('../scenario/json-schema.ts');
      process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    });
}
