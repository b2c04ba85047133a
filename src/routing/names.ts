/**
 * Names of models, features, users and the like as small integers, so that policies compare numbers. 0 is "not stated".
 *
 * Policies put the names that they mention in at compile time; whoever reads requests adds the rest, column by column. An
 * index never changes once given. The tier is not here: its index is its place in SERVICE_TIERS.
 */

export const DIMENSIONS = ['model', 'feature', 'user', 'team', 'key', 'region'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** A dimension, or a key of the request's metadata. */
export type NamedDimension = Dimension | `metadata.${string}`;

/** The index of a request that does not say. */
export const UNSTATED = 0;

export interface NamesJson {
  readonly [dimension: string]: readonly string[];
}

export class Names {
  readonly #indices = new Map<NamedDimension, Map<string, number>>();

  /** The index of a name, given on first sight. */
  index(dimension: NamedDimension, name: string | undefined): number {
    if (name === undefined) return UNSTATED;
    const known = this.#of(dimension);
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, known.size + 1);
    return known.size;
  }

  name(dimension: NamedDimension, index: number): string | undefined {
    return [...this.#of(dimension).keys()][index - 1];
  }

  /** Keys of metadata that were mentioned, in order: the slots of a request's metadata. */
  metadataKeys(): string[] {
    return [...this.#indices.keys()]
      .filter((dimension) => dimension.startsWith('metadata.'))
      .map((dimension) => dimension.slice('metadata.'.length));
  }

  toJson(): NamesJson {
    return Object.fromEntries([...this.#indices].map(([dimension, known]) => [dimension, [...known.keys()]]));
  }

  static fromJson(json: NamesJson): Names {
    const names = new Names();
    for (const [dimension, known] of Object.entries(json))
      for (const name of known) names.index(dimension as NamedDimension, name);
    return names;
  }

  #of(dimension: NamedDimension): Map<string, number> {
    const found = this.#indices.get(dimension);
    if (found !== undefined) return found;
    const added = new Map<string, number>();
    this.#indices.set(dimension, added);
    return added;
  }
}
