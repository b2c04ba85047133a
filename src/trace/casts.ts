/** The cast of each kind of column. What does not fit is a reject, never a rounded or guessed value. */
import { assertNever } from '../errors.ts';
import type { ColumnRule, Container } from './adapter.ts';
import type { CellCast } from './cell-cast.ts';
import { commaCast } from './comma-cast.ts';
import { instant } from './instant-casts.ts';
import { csvInteger, csvList, decimal, jsonInteger, jsonList, money } from './number-casts.ts';
import { oneOf, slug, textOf } from './text-casts.ts';

/** The cast of a rule, for the container in which its cells come. */
export function castOf(rule: ColumnRule, container: Container): CellCast {
  const cast = plainCast(rule, container);
  return rule.written_as === 'decimal_comma' && container === 'csv' ? commaCast(cast) : cast;
}

function plainCast(rule: ColumnRule, container: Container): CellCast {
  switch (rule.cast) {
    case 'integer':
      return container === 'csv' && rule.written_as === undefined ? csvInteger : jsonInteger;
    case 'decimal':
      return decimal(rule);
    case 'money':
      return money(rule);
    case 'text':
      return textOf(rule);
    case 'slug':
      return slug;
    case 'instant':
      return instant(rule, container);
    case 'enum':
      return oneOf(rule.values ?? {});
    case 'integer_list':
      return container === 'csv' ? csvList : jsonList;
    default:
      return assertNever(rule.cast);
  }
}
