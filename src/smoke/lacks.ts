/** Why a target can't be put to a request: its API has no words for it, its documentation says so, or no model is named. */
import type { LiveFeature } from '../pricing/access-facts.ts';
import type { Asked, Dialect } from './dialect.ts';
import type { Target } from './target.ts';

/** The first reason; undefined: it can be asked all of it. */
export function lackOf(target: Target, dialect: Dialect, asked: readonly Asked[]): string | undefined {
  for (const one of asked) {
    const lack = dialect.lacks(one) ?? documented(target, one) ?? unnamed(target, one);
    if (lack !== undefined) return lack;
  }
  return undefined;
}

function unnamed({ embeddings_model, images_model }: Target, asked: Asked): string | undefined {
  if (asked.operation === 'embeddings' && (asked.model ?? embeddings_model) === undefined)
    return 'no embeddings_model is named for it; targets.yaml can name one';
  if (asked.operation === 'images' && (asked.model ?? images_model) === undefined)
    return 'no images_model is named for it; targets.yaml can name one';
  return undefined;
}

function documented({ supports, system }: Target, asked: Asked): string | undefined {
  const missing = featuresOf(asked).find((feature) => supports[feature] === false);
  return missing === undefined ? undefined : `${system} documents that it has no ${missing.replaceAll('_', ' ')}`;
}

function featuresOf(asked: Asked): readonly LiveFeature[] {
  switch (asked.operation) {
    case 'chat':
      return [
        'chat',
        ...(asked.isStream === true ? (['stream'] as const) : []),
        ...(asked.tools === undefined ? [] : (['tools'] as const)),
        ...(asked.format === undefined
          ? []
          : asked.format === 'json'
            ? (['json_mode'] as const)
            : (['json_schema'] as const)),
      ];
    case 'embeddings':
    case 'images':
      return [asked.operation];
    case 'models':
      return ['models_list'];
    default:
      return [];
  }
}
