/** The JSON that an answer's text is; `none` where it is none, `limited` where its limit broke it off. */
import type { Told } from '../dialect.ts';

export function jsonOf({ text, finish }: Told): { readonly value: unknown } | 'none' | 'limited' {
  try {
    return { value: JSON.parse(text ?? '') };
  } catch {
    return finish === 'length' || finish === 'max_tokens' ? 'limited' : 'none';
  }
}
