/**
 * Names of models there and here: how a system writes a model of the price book, and which model a name of its own means.
 *
 * By its declared rule alone: exact names first, then the form `{seller}/{model}` with its sellers' spellings and dots in
 * versions. What no rule covers has no name; nothing is guessed. Whether a system sells the model is not known here.
 * Example: OpenRouter writes anthropic/claude-opus-4-8 as anthropic/claude-opus-4.8, and xai/grok-4 as x-ai/grok-4.
 */
import { filledIn, type ModelNames } from './access-facts.ts';

export interface BookName {
  readonly seller: string;
  readonly model: string;
}

/** A form may name no seller. */
export interface PerhapsNamed {
  readonly seller: string | undefined;
  readonly model: string;
}

/** How it is written there; undefined where the rule does not say. Placeholders that a person answers stay. */
export function nameThere(rule: ModelNames, { seller, model }: BookName): string | undefined {
  const exact = rule.names[`${seller}/${model}`];
  if (exact !== undefined) return exact;
  const spelt = rule.sellers === undefined ? seller : rule.sellers[seller];
  if (spelt === undefined) return undefined;
  return filledIn(rule.form, {
    seller: spelt,
    model: rule.versions_with_dots.includes(seller) ? withDots(model) : model,
  });
}

/** Names of the price book that a name of theirs may mean, likeliest first. They need not exist. */
export function namesHere(rule: ModelNames, name: string): PerhapsNamed[] {
  const exact = Object.entries(rule.names)
    .filter(([, theirs]) => theirs === name)
    .map(([ours]) => split(ours));
  const parts = partsOf(rule.form, name);
  if (parts === undefined) return exact;
  const { seller: spelt, model } = parts;
  const ours = Object.entries(rule.sellers ?? {}).filter(([, theirs]) => theirs === spelt);
  const sellers = rule.sellers === undefined || spelt === undefined ? [spelt] : ours.map(([seller]) => seller);
  const dotted = (seller: string | undefined): boolean => rule.versions_with_dots.includes(seller ?? '');
  return [...exact, ...sellers.map((seller) => ({ seller, model: dotted(seller) ? withDashes(model) : model }))];
}

/** What stands in the places of {seller} and {model}; undefined where the name is not of this form. */
function partsOf(form: string, name: string): { seller: string | undefined; model: string } | undefined {
  const pattern = form
    .split(/(\{[a-z][a-z0-9_]*\})/)
    .map((part) =>
      part === '{seller}'
        ? '(?<seller>[^/:]+)'
        : part === '{model}'
          ? '(?<model>.+)'
          : part.startsWith('{')
            ? '[^/]+'
            : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const groups = new RegExp(`^${pattern}$`).exec(name)?.groups;
  return groups?.model === undefined ? undefined : { seller: groups.seller, model: groups.model };
}

const withDots = (model: string): string => model.replaceAll(/(?<=\d)-(?=\d{1,2}(?!\d))/g, '.');
const withDashes = (model: string): string => model.replaceAll(/(?<=\d)\.(?=\d)/g, '-');

function split(text: string): BookName {
  const slash = text.indexOf('/');
  return { seller: text.slice(0, slash), model: text.slice(slash + 1) };
}
