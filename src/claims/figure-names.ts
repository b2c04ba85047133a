/**
 * The names under which figures can be written in expressions, with their units: `npv_usd.direct`,
 * `component_usd.direct.token_charges`, `break_even_month.openrouter.direct`, `input.engineering.loaded_rate`.
 *
 * Where a figure comes from says where its name can be used: `model` everywhere, since the model gives it anew when an input
 * varies; `report` and `draws` only of a finished report. Figures themselves are not read here.
 */
import type { NamedFigures } from '../formula/condition-names.ts';

type Part = 'strategy' | 'other' | 'component';
export type FigureSource = 'model' | 'report' | 'draws';

export interface FigureHead {
  readonly head: string;
  readonly of: readonly Part[];
  readonly unit: string;
  readonly is: 'number' | 'text';
  readonly from: FigureSource;
}

const figure = (
  head: string,
  unit: string,
  of: readonly Part[] = [],
  from: FigureSource = 'model',
  is: FigureHead['is'] = 'number',
): FigureHead => ({ head, of, unit, is, from });

const STRATEGY = ['strategy'] as const;
const PAIR = ['strategy', 'other'] as const;

export const FIGURE_HEADS: readonly FigureHead[] = [
  figure('recommended', 'strategy', [], 'model', 'text'),
  figure('versus', 'strategy', [], 'model', 'text'),
  figure('baseline', 'strategy', [], 'model', 'text'),
  figure('cash_only_strategy', 'strategy', [], 'model', 'text'),
  figure('saving_usd', 'USD'),
  figure('npv_usd', 'USD', STRATEGY),
  figure('cash_npv_usd', 'USD', STRATEGY),
  figure('total_usd', 'USD', STRATEGY),
  figure('cash_usd', 'USD', STRATEGY),
  figure('component_usd', 'USD', ['strategy', 'component']),
  figure('break_even_month', 'month', PAIR),
  figure('ahead_from_month', 'month', PAIR),
  figure('requests_per_month', 'request/month'),
  figure('replayed_p50_ms', 'ms', STRATEGY),
  figure('replayed_p95_ms', 'ms', STRATEGY),
  figure('replayed_first_token_p95_ms', 'ms', STRATEGY),
  figure('late_fraction', '1', STRATEGY),
  figure('lost_fraction', '1', STRATEGY),
  figure('break_even_volume', 'request/month', PAIR, 'report'),
  figure('break_even_markup', '1', PAIR, 'report'),
  figure('break_even_hourly_rate', 'USD/work_hour', PAIR, 'report'),
  figure('unpriced', 'model', [], 'report'),
  figure('unpriced_requests', 'request', [], 'report'),
  figure('requests', 'request', [], 'report'),
  figure('failed_requests', 'request', [], 'report'),
  figure('rejected', 'row', [], 'report'),
  figure('errors', 'finding', [], 'report'),
  figure('warnings', 'finding', [], 'report'),
  figure('oldest_price_days', 'day', [], 'report'),
  figure('cheapest_fraction', '1', STRATEGY, 'draws'),
  figure('regret_usd', 'USD', STRATEGY, 'draws'),
  figure('mean_usd', 'USD', STRATEGY, 'draws'),
  figure('p5_usd', 'USD', STRATEGY, 'draws'),
  figure('p50_usd', 'USD', STRATEGY, 'draws'),
  figure('p95_usd', 'USD', STRATEGY, 'draws'),
  figure('cvar95_usd', 'USD', STRATEGY, 'draws'),
  figure('perfect_information_usd', 'USD', [], 'draws'),
];

export const INPUT = 'input.';
const HEADS = new Map(FIGURE_HEADS.map((one) => [one.head, one]));

/** What fills the places of names: ids of strategies, components, paths of inputs. */
export interface Subjects {
  readonly strategies: readonly string[];
  readonly components: readonly string[];
  /** undefined: not known yet, any path may be right. */
  readonly inputs: readonly string[] | undefined;
}

/** Head and parts of a figure's name; undefined where no figure has that name. Names of inputs have none. */
export function figureOf(name: string, subjects: Subjects): { head: FigureHead; parts: readonly string[] } | undefined {
  const [first = '', ...parts] = name.split('.');
  const head = HEADS.get(first);
  if (head === undefined || head.of.length !== parts.length) return undefined;
  const fits = head.of.every((part, i) => subjectsOf(part, subjects).includes(parts[i]!));
  if (!fits || (head.of.length === 2 && parts[0] === parts[1])) return undefined;
  return { head, parts };
}

/** Where a figure comes from, told by the first part of its name. */
export const sourceOf = (name: string): FigureSource | undefined => HEADS.get(name.split('.')[0]!)?.from;

const subjectsOf = (part: Part, { strategies, components }: Subjects): readonly string[] =>
  part === 'component' ? components : strategies;

/** Every name of a head. */
export const namesOf = (head: FigureHead, subjects: Subjects): string[] =>
  head.of
    .reduce<string[][]>(
      (all, part) =>
        all.flatMap((parts) =>
          subjectsOf(part, subjects)
            .filter((one) => !parts.includes(one))
            .map((one) => [...parts, one]),
        ),
      [[head.head]],
    )
    .map((parts) => parts.join('.'));

/** The names that may be used where figures come from the given places. */
export const figureNames = (subjects: Subjects, from: readonly FigureSource[]): NamedFigures => ({
  kindOf: (name) => {
    if (name.startsWith(INPUT))
      return subjects.inputs === undefined || subjects.inputs.includes(name.slice(INPUT.length)) ? 'number' : undefined;
    const found = figureOf(name, subjects)?.head;
    return found !== undefined && from.includes(found.from) ? found.is : undefined;
  },
  names: () => [
    ...FIGURE_HEADS.filter((head) => from.includes(head.from)).flatMap((head) => namesOf(head, subjects)),
    ...(subjects.inputs ?? []).map((path) => `${INPUT}${path}`),
  ],
  words: subjects.strategies,
});
