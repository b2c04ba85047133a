/** Where a report of a scenario file comes from: its inputs with their digests, what its traffic said, the command that gives it again. */
import { packageVersion } from '../io/package-file.ts';
import type { ReadScenario } from '../io/read-scenario.ts';
import type { Traffic } from '../io/read-traffic.ts';
import type { Provenance } from '../report/provenance.ts';

export const provenanceOf = (
  file: string,
  question: Pick<ReadScenario, 'sha256' | 'hash'>,
  traffic: Traffic,
  command: string,
): Provenance => ({
  version: packageVersion(),
  inputs: [{ name: file, sha256: question.sha256 }, ...traffic.inputs],
  scenario_hash: question.hash,
  traffic_source: traffic.source,
  rejected: traffic.rejected,
  billed: traffic.billed,
  command,
  diagnostics: [...traffic.warnings],
});
