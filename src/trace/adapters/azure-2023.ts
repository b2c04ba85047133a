/**
 * Azure's public inference traces of 2023 and 2024 (code and conv): time, prompt and answer tokens, no model. Times of 2023
 * have seven fractional digits and no zone, which is read as UTC; those of 2024 have an offset, and a fraction of six digits
 * or none. Prompt tokens are whole prompts; nothing says what was cached.
 *
 * Source: https://github.com/Azure/AzurePublicDataset, CC-BY 4.0 (Splitwise, ISCA 2024; DynamoLLM, HPCA 2025).
 */
import type { Adapter } from '../adapter.ts';

export const azure2023: Adapter = {
  format: 'azure-2023',
  title: 'Azure LLM inference trace 2023 or 2024 (CSV)',
  containers: ['csv', 'parquet'],
  detect: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
  rules: [
    { field: 'time_ms', from: ['TIMESTAMP'], cast: 'instant', unit: 'iso', required: true },
    { field: 'input_tokens', from: ['ContextTokens'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ['GeneratedTokens'], cast: 'integer', required: true },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  settles: ['times without a zone are read as UTC'],
  warns_of_unknown_columns: true,
};
