/**
 * The pieces of stacked bars, and what can be written on them: name and amount, the amount alone, or nothing.
 *
 * Takes amounts in the order of stacking, gives from where to where each piece runs; what is negative goes the other way
 * from zero. A name is written on one bar, the first on which it fits.
 */
import type { Component } from '../contract.ts';
import { roughUsd } from '../known-digits.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { roomFor } from './text-width.ts';

const TEXT_SIZE = 11;
const MARGIN = 10;

export interface Piece {
  readonly strategy: string;
  readonly component: Component;
  readonly usd: number;
  readonly from_usd: number;
  readonly until_usd: number;
  /** In pixels. */
  readonly width: number;
}

export function piecesOf(
  strategy: string,
  amounts: readonly { readonly component: Component; readonly usd: number }[],
  pixelsPerUsd: number,
): Piece[] {
  let [low, high] = [0, 0];
  return amounts
    .filter(({ usd }) => usd !== 0)
    .map(({ component, usd }) => {
      const from = usd < 0 ? low : high;
      if (usd < 0) low += usd;
      else high += usd;
      const width = Math.abs(usd) * pixelsPerUsd;
      return { strategy, component, usd, from_usd: from, until_usd: from + usd, width };
    });
}

const fits = (text: string, { width }: Piece): boolean => roomFor(text, TEXT_SIZE) + MARGIN <= width;
const nameAndAmount = ({ component, usd }: Piece): string => `${COMPONENT_WORDS[component]} ${roughUsd(usd)}`;

/** The piece that carries the name of its component. */
export function namedOn(pieces: readonly Piece[]): ReadonlyMap<Component, Piece> {
  const named = new Map<Component, Piece>();
  for (const piece of pieces)
    if (!named.has(piece.component) && fits(nameAndAmount(piece), piece)) named.set(piece.component, piece);
  return named;
}

/** @param named the pieces that carry names; null where a legend does */
export const textsOn = (pieces: readonly Piece[], named: ReadonlyMap<Component, Piece> | null) =>
  pieces.flatMap((piece) => {
    const text = named?.get(piece.component) === piece ? nameAndAmount(piece) : roughUsd(piece.usd);
    const middle_usd = (piece.from_usd + piece.until_usd) / 2;
    return fits(text, piece) ? [{ strategy: piece.strategy, component: piece.component, text, middle_usd }] : [];
  });
