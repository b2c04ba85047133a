/** Every number that a check stated, one click away. */
import { type Html, html } from '../../report/escape.ts';
import { plural } from '../../report/format.ts';
import { folded, section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import { checkWords, figureInterval, figureWords, shortened } from '../words.ts';

const MOST_ROWS = 200;
const numeric = true;

export function figuresSection({ rows }: Comparison): Html | false {
  const all = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.figures.map((one) => ({ cell, one })) ?? []));
  if (all.length === 0) return false;
  return section(
    'figures',
    'All figures',
    folded(
      `All figures that checks stated: ${plural(all.length, 'row')}${all.length > MOST_ROWS ? `, the first ${MOST_ROWS} of them here` : ''}`,
      table(
        'All figures',
        [
          { head: 'Figure' },
          { head: 'Route' },
          { head: 'Value', numeric },
          { head: 'Interval', numeric },
          { head: 'Samples', numeric },
        ],
        all
          .slice(0, MOST_ROWS)
          .map(({ cell, one }) => [
            html`${one.name}<small>${checkWords(cell.check)}: ${shortened(one.how, 120)}</small>`,
            cell.target,
            figureWords(one),
            figureInterval(one),
            String(one.samples),
          ]),
      ),
    ),
  );
}
