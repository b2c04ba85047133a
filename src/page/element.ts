/**
 * Makes elements of the page. Text goes in as text nodes with invisible characters made visible, so that what was read from
 * files can be nothing but text; there is no way from here to markup.
 */
/// <reference lib="dom" />
import { plainText } from '../report/escape.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | false | undefined;

const SVG = 'http://www.w3.org/2000/svg';

function fill<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : plainText(String(value)));
  }
  for (const child of children)
    if (child !== false && child !== undefined) made.append(typeof child === 'string' ? plainText(child) : child);
  return made;
}

export const element = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => fill(document.createElement(name), attributes, children);

export const drawn = <K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] =>
  fill(document.createElementNS(SVG, name) as SVGElementTagNameMap[K], attributes, children);

/** Text of an element, written only where it changes, so that a live region says nothing twice. */
export function say(target: Element, text: string): void {
  const visible = plainText(text);
  if (target.textContent !== visible) target.textContent = visible;
}
