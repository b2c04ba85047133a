/**
 * Mooncake's traces: one JSON object a line, milliseconds from the start of the recording, no model. `hash_ids` name the
 * blocks of 512 tokens of the prompt, so that equal prefixes can be told. Lengths are whole prompts; what was cached is
 * for a cache model to say, not for this adapter.
 *
 * Source: https://github.com/kvcache-ai/Mooncake, Apache-2.0 (FAST 2025).
 */
import type { Adapter } from '../adapter.ts';

export const mooncake: Adapter = {
  format: 'mooncake',
  title: 'Mooncake trace (JSON lines)',
  containers: ['json'],
  detect: ['timestamp', 'input_length', 'output_length'],
  rules: [
    { field: 'time_ms', from: ['timestamp'], cast: 'instant', unit: 'ms', required: true },
    { field: 'input_tokens', from: ['input_length'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ['output_length'], cast: 'integer', required: true },
    { field: 'hash_chain', from: ['hash_ids'], cast: 'integer_list' },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'relative',
  warns_of_unknown_columns: true,
};
