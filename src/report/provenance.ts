/** What a report holds beside the evaluation: files, versions, how the run was started, what was billed. */
import type { Reconciliation } from '../pricing/reconcile.ts';
import type { GapRow } from '../pricing/row-gaps.ts';
import type { Report, ReportBilled } from './contract.ts';

export interface Provenance {
  readonly version: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  readonly scenario_hash: string;
  readonly traffic_source: string;
  readonly rejected: number;
  /** What the traffic says was billed, held against the price book. */
  readonly billed?:
    | {
        readonly basis: ReportBilled['basis'];
        readonly reconciliation: Reconciliation;
        readonly gap_rows: readonly GapRow[];
      }
    | undefined;
  readonly command: string;
  readonly diagnostics: Report['diagnostics'];
}
