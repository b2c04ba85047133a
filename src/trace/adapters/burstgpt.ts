/**
 * BurstGPT's traces of a campus's use of ChatGPT and GPT-4: seconds since midnight of the first day, so that dates mean
 * nothing. Releases 1 and 2 have six columns; release 3 adds the session and the time that the answer took.
 *
 * Traps: a failure is a row with an answer of 0 tokens, mostly 0 throughout; it counts as a failed request. `ChatGPT` is the
 * name of an application, so a model must be assigned. Sessions are no users and are not read.
 *
 * Source: https://github.com/HPMLL/BurstGPT, CC-BY 4.0.
 */
import type { Adapter } from '../adapter.ts';

const ANSWER = ['Response tokens'];

export const burstgpt: Adapter = {
  format: 'burstgpt',
  title: 'BurstGPT trace (CSV)',
  containers: ['csv', 'parquet'],
  detect: ['Timestamp', 'Model', 'Request tokens', 'Response tokens', 'Log Type'],
  rules: [
    { field: 'time_ms', from: ['Timestamp'], cast: 'instant', unit: 's', required: true },
    { field: 'model', from: ['Model'], cast: 'text' },
    { field: 'input_tokens', from: ['Request tokens'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ANSWER, cast: 'integer', required: true },
    { field: 'status', from: ANSWER, cast: 'enum', values: { 0: 500 }, when: { column: ANSWER, is: ['0'] } },
    { field: 'latency_ms', from: ['Elapsed time'], cast: 'decimal', unit: 's' },
    { field: 'feature', from: ['Log Type'], cast: 'text' },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'relative',
  settles: [
    'a row with no answer token is a failed request',
    'seconds count from the first day, so dates mean nothing',
  ],
  warns_of_unknown_columns: false,
};
