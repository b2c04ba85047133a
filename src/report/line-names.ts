/** Whom a line item or a model is about, read from its name: gateways and sellers by their ids. */

/** The first name in a label's brackets: `Markup on tokens (openrouter)`. */
export const nameInBrackets = (label: string): string | undefined => /\(([^(),]+)[,)]/.exec(label)?.[1];

/** Models are named `seller/model`. */
export const sellerOf = (model: string): string => model.split('/')[0] ?? model;
