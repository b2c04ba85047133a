/** `--fail-if '<condition>'`: read before anything runs, judged when the report is there, told on stderr line by line. */
import { type Command, Option } from 'commander';
import type { Condition } from '../formula/condition.ts';
import type { Report } from '../report/contract.ts';
import type { Scenario } from '../scenario/schema.ts';

export const addPolicyOption = (command: Command, figures: string): Command =>
  command.addOption(
    new Option(
      '--fail-if <condition>',
      `exit with 1 if this holds, such as "saving_usd < 1000" (repeatable); ${figures}`,
    )
      .argParser((value: string, all: readonly string[]) => [...all, value])
      .default([], 'none'),
  );

/** Throws an InputError for what can't be read. The library behind it is loaded only where there is a policy. */
export async function readPolicies(texts: readonly string[]): Promise<readonly Condition[]> {
  if (texts.length === 0) return [];
  const policies = await import('../results/policy.ts');
  return policies.readPolicies(texts);
}

/** Throws an InputError for names, in policies and in the scenario's claims, that no figure can have under its strategies. */
export async function checkNames(conditions: readonly Condition[], scenario: Scenario, file: string): Promise<void> {
  if (conditions.length === 0 && scenario.claims.length === 0) return;
  const [{ checkPolicies }, { checkClaims }, { COMPONENTS }] = await Promise.all([
    import('../results/policy.ts'),
    import('../claims/claims-of.ts'),
    import('../report/contract.ts'),
  ]);
  checkClaims(scenario, COMPONENTS, file);
  checkPolicies(
    conditions,
    scenario.strategies.map(({ id }) => id),
  );
}

/** Tells the conditions that hold or can't be judged; any of them makes the exit code 1. */
export async function applyPolicies(conditions: readonly Condition[], report: Report, before?: Report): Promise<void> {
  if (conditions.length === 0) return;
  const { judgePolicies } = await import('../results/policy.ts');
  const failing = judgePolicies(conditions, report, before).filter(({ verdict }) => verdict !== 'fails');
  for (const { told } of failing) process.stderr.write(`--fail-if: ${told}\n`);
  if (failing.length > 0) process.exitCode = 1;
}
