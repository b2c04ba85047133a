/**
 * Volumes past which a strategy's prices are not published: who is past them at a machine's present inputs, and up to which
 * volume of an ordinary month each stays below. A phased alternative has the limits of its phases, as in findings.ts.
 */
import { VOLUME_PATH } from '../input-paths.ts';
import type { Machine } from '../model/machine.ts';
import type { Model, Ref } from '../model/model.ts';
import { addMonths, type Month } from '../units.ts';
import type { WhatIf } from './what-if.ts';

export class Limits {
  readonly #limits: WhatIf['decisions']['limits'];
  readonly #start: Month;
  readonly #phased: readonly { readonly id: string; readonly strategies: readonly string[] }[];
  readonly #volume: number;

  constructor(model: Model, { decisions, start }: Pick<WhatIf, 'decisions' | 'start'>) {
    this.#limits = decisions.limits;
    this.#start = start;
    this.#phased = model.phased.map(({ id, phases }) => ({
      id,
      strategies: phases.map(({ strategy }) => model.strategies[strategy]!.id),
    }));
    this.#volume = model.inputs.findIndex(({ path }) => path === VOLUME_PATH);
  }

  /** Alternatives past a limit, each with the reason. */
  passed(machine: Machine): Map<string, string> {
    const reasons = new Map<string, string>();
    for (const { strategy, ref, most, message } of this.#limits) {
      const month = months(machine).find((one) => machine.value(ref, one) > most);
      if (month === undefined) continue;
      const volume = Math.round(machine.value(ref, month));
      reasons.set(strategy, `${message}; ${volume} in ${addMonths(this.#start, month)}, published up to ${most}`);
    }
    for (const { id, strategies } of this.#phased) {
      const reason = strategies.map((one) => reasons.get(one)).find((found) => found !== undefined);
      if (reason !== undefined) reasons.set(id, reason);
    }
    return reasons;
  }

  /** Requests a month at the start up to which an alternative's prices are published; undefined: no end is known. */
  most(machine: Machine, id: string): number | undefined {
    const parts = this.#phased.find((one) => one.id === id)?.strategies ?? [id];
    const found = this.#limits
      .filter(({ strategy }) => parts.includes(strategy))
      .map(({ ref, most }) => (machine.get(this.#volume) * most) / peak(machine, ref));
    return found.length === 0 ? undefined : Math.min(...found);
  }
}

const months = ({ model }: Machine): number[] => Array.from({ length: model.months }, (_, month) => month);
const peak = (machine: Machine, ref: Ref): number =>
  Math.max(...months(machine).map((month) => machine.value(ref, month)));
