/**
 * Drivers in the order of what they do: by how far each, moved over its range, moves the difference of the two best
 * alternatives at the scenario's own values. Drivers that move no alternative that could be ranked are left out; the effort
 * of a capability that can be switched on stays, since it counts then.
 */
import { Recomputer } from './recompute.ts';
import type { Driver, Outcome, WhatIf } from './what-if.ts';

export function mostTelling(whatIf: WhatIf): WhatIf {
  const recomputer = new Recomputer(whatIf);
  const start = recomputer.run({});
  const pair = twoBest(start);
  const difference = ({ alternatives }: Outcome): number => {
    const cost = (id: string | undefined): number => alternatives.find((one) => one.id === id)?.npv_usd ?? 0;
    return cost(pair[0]) - cost(pair[1]);
  };
  const moved = whatIf.drivers.map((driver) => {
    const ends = [driver.least, driver.most].map((value) => recomputer.run({ [driver.path]: value }));
    const found = [start, ...ends].map(difference);
    return {
      driver,
      effect: Math.max(...found) - Math.min(...found),
      moves: ends.some((outcome) => differs(start, outcome)),
    };
  });
  const switches = new Set(
    moved.filter(({ driver, moves }) => moves && driver.kind === 'switch').map(({ driver }) => driver.path),
  );
  const drivers = moved
    .filter(({ driver, moves }) => moves || switches.has(`needs.${capabilityOf(driver)}`))
    .sort((a, b) => b.effect - a.effect)
    .map(({ driver }) => driver);
  return { ...whatIf, drivers };
}

const capabilityOf = ({ path }: Driver): string | undefined => /^engineering\.effort\.(\w+)\./.exec(path)?.[1];

function twoBest({ alternatives, recommendation }: Outcome): (string | undefined)[] {
  if (recommendation !== undefined) return [recommendation.strategy, recommendation.next_best ?? undefined];
  return alternatives
    .filter((one) => one.npv_usd !== null)
    .sort((a, b) => a.npv_usd! - b.npv_usd!)
    .map(({ id }) => id)
    .slice(0, 2);
}

/** Whether a cost of an alternative that could be ranked is another one. */
const differs = (a: Outcome, b: Outcome): boolean =>
  a.alternatives.some((one, i) => {
    const other = b.alternatives[i]!;
    const isOther = one.npv_usd !== other.npv_usd || one.cash_npv_usd !== other.cash_npv_usd;
    return (
      one.excluded === undefined &&
      one.unranked === undefined &&
      (isOther || one.monthly_usd.some((amount, month) => amount !== other.monthly_usd[month]))
    );
  });
