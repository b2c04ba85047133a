/** The numbers behind the map of the best strategy, row by row, as a table for who can't use the picture. */
import { inputLabel } from '../../input-words.ts';
import type { Report, ReportMap } from '../contract.ts';
import { inputValue } from '../driver-words.ts';
import { type Html, html } from '../escape.ts';
import { mapRows, rowWords } from '../map-words.ts';
import { table } from './table.ts';

export const bestMapData = ({ best_map: map }: Report): Html =>
  map === undefined
    ? html``
    : table(
        'Cheapest strategy by two inputs',
        [{ head: nameOf(map.y) }, { head: `Along ${nameOf(map.x)}` }],
        [...mapRows(map)].reverse().map((row) => [value(row.value, map, row.isOwn), rowWords(row, map)]),
      );

const value = (at: number, { y }: ReportMap, isOwn: boolean): Html =>
  html`${inputValue(at, y.unit)}${isOwn && html`<small>this scenario</small>`}`;

const nameOf = ({ path }: ReportMap['x']): string =>
  inputLabel(path) === path ? path : `${inputLabel(path)} (${path})`;
