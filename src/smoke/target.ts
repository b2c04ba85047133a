/** A target: one way to one model, as it is called. Where it comes from (a preset, a file) is not its business. */
import type { CheckId, TargetKind } from '../measurements/contract.ts';
import type { CostReport, LiveFeature } from '../pricing/access-facts.ts';

export interface Target {
  readonly id: string;
  readonly system: string;
  readonly kind: TargetKind;
  /** With its version, without a slash at the end. */
  readonly base_url: string;
  readonly api: 'openai' | 'anthropic';
  readonly model: string;
  /** Where the price book prices it; undefined: nowhere. */
  readonly priced_as: { readonly seller: string; readonly model: string } | undefined;
  readonly key_env: string | undefined;
  readonly key_header: string;
  /** `Bearer ` or nothing. */
  readonly key_prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly reports_cost: CostReport | undefined;
  /** What documentation says that it can do; absent: it does not say. */
  readonly supports: Readonly<Partial<Record<LiveFeature, boolean>>>;
  /** Models for checks that a chat model can't be put to. */
  readonly embeddings_model: string | undefined;
  readonly images_model: string | undefined;
  /** Stands before the price book’s. */
  readonly usd_per_image: number | undefined;
  readonly isBaseline: boolean;
  /** Checks without which it does not pass. */
  readonly required: ReadonlySet<CheckId>;
  readonly timeout_ms: number;
  /** What the longest answer is called there; some models take one of the two alone. */
  readonly output_limit: 'max_tokens' | 'max_completion_tokens';
}
