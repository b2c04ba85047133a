/** Whom a line item or a model is about, read from its name: gateways and sellers by their ids. */

/** The first name in a label's brackets: `Markup on tokens (openrouter)`. */
export const nameInBrackets = (label: string): string | undefined => /\(([^(),]+)[,)]/.exec(label)?.[1];

/** All of them: `Answers of the response cache, assumed share (openai, direct)`. */
export const namesInBrackets = (label: string): string[] => /\(([^()]+)\)/.exec(label)?.[1]?.split(', ') ?? [];

/** Models are named `seller/model`. */
export const sellerOf = (model: string): string => model.split('/')[0] ?? model;
