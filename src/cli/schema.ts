/** `tollgate schema [what]`: the JSON Schema of what people write, from scenarios to the targets of `smoke`, for editors. */
import { Argument, type Command } from 'commander';

const WHAT = ['scenario', 'router', 'workload', 'mapping', 'targets', 'bill'] as const;
type What = (typeof WHAT)[number];

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description(
      'print the JSON Schema of a scenario, a router’s file, a workload, a column mapping, the targets of smoke or a bill’s line',
    )
    .addArgument(new Argument('[what]', 'of what').choices(WHAT).default('scenario'))
    .action(async (what: What) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(what), null, 2)}\n`);
    });
}

async function schemaOf(what: What): Promise<object> {
  const { scenarioJsonSchema, jsonSchemaOf } = await import('../scenario/json-schema.ts');
  switch (what) {
    case 'router':
      return jsonSchemaOf('Tollgate router', (await import('../router/config.ts')).routerConfig);
    case 'workload':
      return jsonSchemaOf('Tollgate workload', (await import('../workload/schema.ts')).workloadSpec);
    case 'mapping':
      return jsonSchemaOf('Tollgate column mapping', (await import('../trace/mapping.ts')).traceMapping);
    case 'targets':
      return jsonSchemaOf('Tollgate smoke targets', (await import('../smoke/targets-file.ts')).targetsFile);
    case 'bill':
      return jsonSchemaOf(
        'Line of a bill for tollgate reconcile',
        (await import('../measurements/bill-line.ts')).billLine,
      );
    default:
      return scenarioJsonSchema();
  }
}
