/**
 * An amount that a policy acts on: one number in the field's unit. A router needs a limit, not an interval, and a budget
 * is kept in US dollars, since a rate that moves would move the limit.
 */
import { type Amount, amount, type Limits } from '../amount.ts';
import { MS_PER_HOUR } from '../units.ts';

/** A field of the contract: `amount` in `unit`, without an interval and without another currency. */
export const exactAmount = (unit: string, description: string, limits?: Limits) =>
  amount(unit, description, limits).superRefine((found, context) => {
    if (found.currency !== undefined)
      context.addIssue({ code: 'custom', message: `${found.currency} is no currency of a budget; allowed is USD` });
    else if (found.formula !== undefined)
      context.addIssue({ code: 'custom', message: 'a policy acts on one number; a formula is none', continue: false });
    else if (found.spec.is !== 'point')
      context.addIssue({ code: 'custom', message: 'a policy acts on one number; an interval or distribution is none' });
  });

/** Whole milliseconds of a time in milliseconds: units convert by way of hours, so that 10 s are not quite 10,000 ms. */
export const wholeMs = (time: Amount): number => Math.round(time.central);
/** Whole milliseconds of a time in hours. */
export const wholeMsOfHours = (time: Amount): number => Math.round(time.central * MS_PER_HOUR);
