/** What is wrong with the contracts of a scenario: a seller that is not known, a level whose search lacks what it needs or finds nothing. */
import { didYouMean } from '../nearest.ts';
import type { Check } from './check.ts';

/** Contracts are with sellers of the price book. */
export function checkSellers({ scenario, book, report }: Check): void {
  const sellers = [...book.sellers.keys()];
  for (const seller of Object.keys(scenario.contracts))
    if (!sellers.includes(seller))
      report(
        ['contracts', seller],
        `there is no seller "${seller}"${didYouMean(seller, sellers)}; known are ${sellers.join(', ')}`,
      );
}

/** What a search for the best level needs to know, and what would leave it nothing to search. */
export function checkContracts({ scenario, report }: Check): void {
  for (const [seller, own] of Object.entries(scenario.contracts)) {
    const path = ['contracts', seller] as const;
    if (own.commitment_usd_per_month !== 'best') {
      if (own.step_usd !== undefined)
        report(
          [...path, 'step_usd'],
          'has no effect: the level is not searched; write `commitment_usd_per_month: best`',
        );
      continue;
    }
    const level = [...path, 'commitment_usd_per_month'];
    if (own.discount === undefined)
      report(level, 'best needs the discount that the commitment earns; add `discount: 15 %`');
    else if (own.discount.central >= 1)
      report([...path, 'discount'], 'leaves nothing to pay; the best commitment needs a discount of less than 100 %');
    if (own.discount_on === 'all')
      report(
        [...path, 'discount_on'],
        'gives the discount at any level, so the least is always best; state the level, or write `discount_on: committed`',
      );
    if (own.signed) report(level, 'a signed contract has its level; state it instead of best, or leave out `signed`');
  }
}
