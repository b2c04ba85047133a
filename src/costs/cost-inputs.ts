/** What a cost component gets: the sheet to declare on, the demand, the strategy's access, prices, and the scenario. */
import type { Amount } from '../amount.ts';
import type { Capability } from '../capabilities.ts';
import type { Diagnostic } from '../errors.ts';
import type { Line, Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import type { Money } from '../pricing/fx.ts';
import type { SellerTerms } from '../pricing/seller-terms.ts';
import type { Replayed } from '../replay/replayed.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { UsageTable } from '../usage/table.ts';
import type { Access } from './access.ts';
import type { Demand } from './demand.ts';
import type { Failures } from './failures.ts';
import type { Quotes } from './quotes.ts';

export interface CostInputs {
  readonly id: string;
  readonly sheet: Sheet;
  readonly scenario: Scenario;
  readonly usage: UsageTable;
  readonly demand: Demand;
  readonly access: Access;
  readonly quotes: Quotes;
  readonly failures: Failures;
  /** 1 where the strategy has a capability (brought, built before, or built), else 0; an input where that is a choice. */
  readonly has: (capability: Capability) => Quantity;
  /** Latency of the baseline strategy, ms. */
  readonly baseline_hop: Quantity;
  readonly baseline_lag: Quantity | undefined;
  /** Mean until the answer in the baseline's replay, ms; undefined: not replayed, or latencies are not stated. */
  readonly baseline_latency_ms: number | undefined;
  /** Mean over the answers in the baseline's replay, 0 to 1; undefined: not known. */
  readonly baseline_quality: number | undefined;
  /** The strategy's replay, where it is replayed: `usage` is then what it would have used. */
  readonly replayed: Replayed | undefined;
  /** Capabilities that its replay uses: they have to be there, whatever `needs` says. */
  readonly relies_on: ReadonlySet<Capability>;
  /** Needs and factors that the scenario leaves alone are inputs too, so that they can be moved. */
  readonly isOpen: boolean;
  /** Declares a line of this strategy and gives its amount. */
  readonly add: (line: Omit<Line, 'amount'>) => Quantity;
  /** The scenario's amount if it states one, else the default, as an input. */
  readonly stated: (given: Amount | undefined, otherwise: () => Amount) => Quantity;
  /** What a seller's file says beside prices. */
  readonly terms: (seller: string) => SellerTerms | undefined;
  /** Money in US dollars, at the rate of the scenario's start; undefined without a rate. */
  readonly usd: (money: Money) => { readonly usd: number; readonly words: string } | undefined;
  readonly warn: (diagnostic: Diagnostic) => void;
}

/** What a channel's tokens cost, as later components build on it. */
export interface Spend {
  readonly via: string;
  /** Invoiced for tokens, USD per month. */
  readonly tokens: Quantity;
  /** Requests of the channel in the measured window. */
  readonly window_requests: number;
  readonly requests: Quantity;
  readonly models: readonly string[];
  readonly sellers: readonly string[];
  readonly by_seller: readonly SellerSpend[];
}

/** One seller's part of a channel. */
export interface SellerSpend {
  readonly seller: string;
  /** At the prices of the rate cards, USD per month. */
  readonly tokens: Quantity;
  /** Tokens in the measured window. */
  readonly window_tokens: number;
}
