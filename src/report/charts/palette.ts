/**
 * Colours of all charts: one per strategy, by its place in the report, and one per component.
 *
 * Both sets are told apart with the common forms of colour blindness (after Okabe and Ito, "Color Universal Design",
 * jfly.uni-koeln.de/color, darkened where a thin line on white needs it). Lines differ by dash as well, so that no chart
 * leans on colour alone. Beyond eight strategies colours repeat, with another dash.
 */
import type { Component } from '../contract.ts';

const STRATEGY_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#aa4499', '#b8860b', '#4d4d4d', '#3a9bd1', '#882255'];
const DASHES = [[], [7, 3], [2, 2], [10, 3, 2, 3], [5, 2, 2, 2, 2, 2], [1, 3]];

export const strategyColour = (index: number): string => STRATEGY_COLOURS[index % STRATEGY_COLOURS.length]!;
export const strategyDash = (index: number): readonly number[] => DASHES[index % DASHES.length]!;

/** Token charges are grey: they are nearly equal everywhere, and the differences lie in the rest. */
export const COMPONENT_COLOURS: Record<Component, string> = {
  token_charges: '#b9c0c9',
  gateway_fees: '#0072b2',
  infrastructure: '#009e73',
  engineering: '#e69f00',
  commitments: '#8c6d31',
  credits: '#56b4e9',
  outages: '#d55e00',
  latency: '#cc79a7',
  quality: '#7f7f7f',
  early_access: '#5d3a9b',
};

export const INK = '#1f2933';
export const MUTED = '#5b6672';
export const GRID = '#e4e7eb';

/** Relative luminance as WCAG 2.1 defines it, from 0 (black) to 1. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((i) => {
    const channel = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever stands out more; always by 4.5 to 1 or more. */
export const inkOn = (colour: string): '#000000' | '#ffffff' =>
  (luminance(colour) + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
