/** A log whose counts include the cached and the reasoning ones, with times in seconds and money in cents. */
import type { Adapter } from '../../src/trace/adapter.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';

export const inclusive: Adapter = {
  ...canonical,
  format: 'inclusive',
  detect: ['prompt', 'completion'],
  rules: [
    { field: 'time_ms', from: ['at'], cast: 'instant', unit: 's', required: true },
    { field: 'input_tokens', from: ['prompt'], cast: 'integer', required: true },
    { field: 'cache_read_tokens', from: ['cached'], cast: 'integer' },
    { field: 'cache_write_5m_tokens', from: ['written'], cast: 'integer' },
    { field: 'output_tokens', from: ['completion'], cast: 'integer', required: true },
    { field: 'reasoning_tokens', from: ['thought'], cast: 'integer' },
    { field: 'latency_ms', from: ['seconds'], cast: 'decimal', unit: 's' },
    { field: 'billed_nano_usd', from: ['cents'], cast: 'money', unit: 'usd_cents' },
  ],
  input_includes: ['cache_read', 'cache_write'],
  output_includes: ['reasoning'],
};
