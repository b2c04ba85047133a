/** Dollars in report.json, not rounded. `null` stands for what can't be said because usage is unpriced: it is never 0. */
import * as z from 'zod';

export const usd = z.number().nullable();
