/** The JSON that an answer's text is; `none` where it is none, `limited` where its limit broke it off. */
import type { Told } from '../dialect.ts';
import { isAtLimit } from './verdicts.ts';

export function jsonOf(told: Told): { readonly value: unknown } | 'none' | 'limited' {
  try {
    return { value: JSON.parse(told.text ?? '') };
  } catch {
    return isAtLimit(told) ? 'limited' : 'none';
  }
}
