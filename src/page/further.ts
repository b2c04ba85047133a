/** What takes longer than a slider's step, side by side: break-even of a pair, and how sure the outcome is. A worker each. */
/// <reference lib="dom" />
import type { LiveReport } from '../report/html/what-if.ts';
import type { Outcome, Settings } from '../whatif/what-if.ts';
import type { Background } from './background.ts';
import { breakEvenPart } from './break-even-part.ts';
import { element } from './element.ts';
import { howSurePart } from './how-sure.ts';

export interface FurtherPart {
  readonly node: HTMLElement;
  show(outcome: Outcome): void;
}

export function furtherPart(live: LiveReport, background: () => Background, settings: () => Settings): FurtherPart {
  const breakEven = breakEvenPart(live, background(), settings);
  const howSure = howSurePart(live, background(), settings);
  return {
    node: element('div', { class: 'further' }, breakEven.node, howSure.node),
    show(outcome) {
      breakEven.show(outcome);
      howSure.forget();
    },
  };
}
