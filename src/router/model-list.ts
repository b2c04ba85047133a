/** The models that a client may ask for, as OpenAI's clients read them, or Anthropic's. When they were made is not known. */
import type { ErrorShape } from './api-error.ts';

export const modelObject = (id: string, shape: ErrorShape): object =>
  shape === 'openai'
    ? { id, object: 'model', created: 0, owned_by: 'tollgate' }
    : { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' };

export function modelList(names: readonly string[], shape: ErrorShape): object {
  const data = names.map((id) => modelObject(id, shape));
  if (shape === 'openai') return { object: 'list', data };
  return { data, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null };
}
