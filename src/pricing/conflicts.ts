/**
 * What the contract of rate cards cannot express by type: a seller's file that contradicts itself.
 *
 * Takes one seller's file and gives every conflict with the place where it stands: two cards or aliases of one id, two
 * confirmed periods for one day, a period that ends before it starts, cliffs out of order, two windows of one label, volume
 * discounts of two kinds.
 */
import { cliffEdge } from './bands.ts';
import type { Cliff, PricePeriod, SellerFile } from './rate-card.ts';

export interface Conflict {
  readonly code: string;
  readonly at: readonly (string | number)[];
  readonly message: string;
}

export const conflictsIn = (file: SellerFile): Conflict[] => [...namesTwice(file), ...file.cards.flatMap(periodsOf)];

function namesTwice(file: SellerFile): Conflict[] {
  const seen = new Map<string, { from: string; until: string; at: string }[]>();
  const conflicts: Conflict[] = [];
  const claim = (id: string, from: string, until: string, at: readonly (string | number)[], words: string): void => {
    const others = seen.get(id) ?? [];
    const other = others.find((one) => from < one.until && one.from < until);
    if (other !== undefined) {
      const message = `"${id}" is already ${other.at}; an id names one card at a time`;
      conflicts.push({ code: 'PRICE_DUPLICATE_MODEL', at, message });
    }
    seen.set(id, [...others, { from, until, at: words }]);
  };
  for (const [index, card] of file.cards.entries()) {
    claim(card.model, '', '~', ['cards', index, 'model'], `the model of card ${index + 1}`);
  }
  for (const [index, card] of file.cards.entries()) {
    for (const [place, alias] of card.aliases.entries()) {
      const at = ['cards', index, 'aliases', place];
      claim(alias.id, alias.from ?? '', alias.until ?? '~', at, `an alias of ${card.model}`);
    }
  }
  return conflicts;
}

function periodsOf(card: SellerFile['cards'][number], index: number): Conflict[] {
  const placed = card.periods.map((period, place) => ({ period, at: ['cards', index, 'periods', place] as const }));
  const confirmed = placed.filter(({ period }) => period.status === 'confirmed');
  return placed.flatMap(({ period, at }) => {
    const conflicts: Conflict[] = [];
    if (period.from !== undefined && period.until !== undefined && period.until <= period.from) {
      const message = `the period runs from ${period.from} until ${period.until}; it ends before it starts`;
      conflicts.push({ code: 'PRICE_PERIOD_ORDER', at, message });
    }
    const earlier = confirmed.find((other) => other.at[3] < at[3] && overlap(other.period, period));
    if (period.status === 'confirmed' && earlier !== undefined) {
      const message = `${span(period)} overlaps ${span(earlier.period)} of ${card.model}; confirmed periods may not`;
      conflicts.push({ code: 'PRICE_PERIOD_OVERLAP', at, message });
    }
    for (const [place, cliffs] of cliffLists(period)) {
      if (!areAscending(cliffs)) {
        const message = `cliffs stand in ascending order, one for each prompt size; found ${cliffs.map((cliff) => cliff.prompt_tokens).join(', ')}`;
        conflicts.push({ code: 'PRICE_CLIFF_ORDER', at: [...at, ...place], message });
      }
    }
    const kinds = new Set(period.volume_discounts.map(({ measure, scope }) => `${measure}, ${scope}`));
    if (kinds.size > 1) {
      const message = `volume discounts of a card share measure and scope; found ${[...kinds].join(' and ')}`;
      conflicts.push({ code: 'PRICE_VOLUME_STEPS', at: [...at, 'volume_discounts'], message });
    }
    const labels = period.windows.map((window) => window.label);
    const twice = labels.find((label, place) => labels.indexOf(label) !== place);
    if (twice !== undefined) {
      const message = `two windows are called "${twice}"`;
      conflicts.push({ code: 'PRICE_DUPLICATE_WINDOW', at: [...at, 'windows'], message });
    }
    return conflicts;
  });
}

const cliffLists = (period: PricePeriod): [readonly string[], readonly Cliff[]][] => [
  [['cliffs'], period.cliffs],
  ...Object.entries(period.tiers).map(([tier, offer]): [readonly string[], readonly Cliff[]] => [
    ['tiers', tier, 'cliffs'],
    offer?.cliffs ?? [],
  ]),
];

const areAscending = (cliffs: readonly Cliff[]): boolean =>
  cliffs.every((cliff, index) => {
    const before = cliffs[index - 1];
    return before === undefined || cliffEdge(before) < cliffEdge(cliff);
  });

const overlap = (a: PricePeriod, b: PricePeriod): boolean =>
  (a.from ?? '') < (b.until ?? '~') && (b.from ?? '') < (a.until ?? '~');

const span = ({ from, until }: PricePeriod): string => `${from ?? 'ever'} to ${until ?? 'further notice'}`;
