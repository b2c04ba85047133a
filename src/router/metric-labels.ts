/**
 * Labels of what one request, or one attempt, is counted under. They are put together once for each set of their parts, and
 * the same texts given back from then on: joined and looked up anew they cost more than reading the request. The parts are
 * names of the configurations that were read and fixed words, so that their number is bounded.
 */
import { COUNT_METERS, type CountMeter } from '../meters.ts';
import { label } from './prometheus-text.ts';

type Part = string | number | undefined;

/** A tree over the parts, one branch for each: a key made of all of them would be built and hashed anew every time. */
export class Remembered<T> {
  readonly #next = new Map<Part, Remembered<T>>();
  #value: T | undefined;

  get(parts: readonly Part[], make: (parts: readonly Part[]) => T): T {
    let node: Remembered<T> = this;
    for (const part of parts) {
      let next = node.#next.get(part);
      if (next === undefined) {
        next = new Remembered();
        node.#next.set(part, next);
      }
      node = next;
    }
    node.#value ??= make(parts);
    return node.#value;
  }
}

export type RequestLabels = ReturnType<typeof requestLabels>;

export function requestLabels([
  operation = '',
  seller = '',
  model = '',
  client = '',
  team = '',
  outcome = '',
]: readonly Part[]) {
  const of = label('gen_ai_operation_name', operation);
  const asked = `${of},${label('gen_ai_provider_name', seller)},${label('gen_ai_request_model', model)}`;
  const isError = outcome !== 'answered' && outcome !== 'cached';
  const who = `${label('client', client)},${label('team', team)}`;
  return {
    of,
    asked,
    served: isError ? `${asked},${label('error_type', outcome)}` : asked,
    who,
    outcome: `${of},${who},${label('outcome', outcome)}`,
  };
}

export type AttemptLabels = ReturnType<typeof attemptLabels>;

export function attemptLabels(parts: readonly Part[]) {
  const [operation = '', route = '', seller = '', model = '', result = '', status = 0, billing = '', cost = ''] = parts;
  const on = label('route', route);
  const to = `${label('gen_ai_operation_name', operation)},${label('gen_ai_provider_name', seller)},${label('gen_ai_request_model', model)}`;
  const meters = COUNT_METERS.map((meter) => [meter, `${on},${label('meter', meter)}`]);
  return {
    on,
    asked: result === 'answered' ? to : `${to},${label('error_type', result)}`,
    attempt: `${on},${label('result', result)},${label('status', status)},${label('billing', billing)}`,
    cost: `${on},${label('status', cost)}`,
    input: `${to},gen_ai_token_type="input"`,
    output: `${to},gen_ai_token_type="output"`,
    meters: Object.fromEntries(meters) as Readonly<Record<CountMeter, string>>,
  };
}
