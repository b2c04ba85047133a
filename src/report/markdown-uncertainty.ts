/** How sure the answer is, what drives it and what to measure next, as sections of report.md: shorter than on the page. */
import { inputLabel } from '../input-words.ts';
import { breakEvenSentence, breakEvensWithBaseline } from './break-even-words.ts';
import { shownBars } from './charts/tornado-marks.ts';
import type { Report } from './contract.ts';
import { flipWords, inputValue, measureNext, perfectSentence } from './driver-words.ts';
import { markdownText as md } from './escape.ts';
import { knownDifference, knownShare, knownUsd, roughDifference, usdMargin } from './known-digits.ts';
import { mapSentence, NO_MAP } from './map-words.ts';
import { bullets, section, table } from './markdown-blocks.ts';
import {
  differencesFromBaseline,
  dominanceSentence,
  dominanceWith,
  methodSentence,
  regretSentence,
} from './uncertainty-words.ts';

const MOST_INPUTS = 5;

/** Of sections that need draws no lines where the report has none. */
export const uncertaintySections = (report: Report): string[] => [
  ...section('How sure this is', howSure(report)),
  ...section('What drives it', drivers(report)),
  ...section('Which is best where', bestWhere(report)),
  ...section('What to measure next', measurements(report)),
];

function howSure(report: Report): string[] {
  const { uncertainty: found, recommendation, baseline } = report;
  if (found === undefined) return [];
  const { draws } = found;
  const byMean = [...found.strategies].sort((a, b) => a.npv_usd.mean - b.npv_usd.mean);
  const rows = byMean.map(({ id, npv_usd: cost, cheapest_fraction }) => {
    const difference = differencesFromBaseline(report).find(({ strategy }) => strategy === id);
    const { mean, se, p5, p95 } = difference?.npv_usd ?? { mean: 0, se: 0, p5: 0, p95: 0 };
    return [
      md(id),
      `${knownUsd(cost.mean, cost.se)} ${usdMargin(cost.se)}`.trimEnd(),
      `${knownUsd(cost.p5, cost.se)} to ${knownUsd(cost.p95, cost.se)}`,
      knownUsd(cost.cvar95, cost.se),
      knownShare(cheapest_fraction, draws),
      ...(difference === undefined
        ? ['', '', '']
        : [
            `${knownDifference(mean, se)} ${usdMargin(se)}`.trimEnd(),
            `${knownDifference(p5, se)} to ${knownDifference(p95, se)}`,
            knownShare(difference.cheaper_fraction, draws),
          ]),
    ];
  });
  const regret = regretSentence(found, recommendation.strategy);
  return [
    ...table(
      [
        'Strategy',
        'Mean cost',
        '90% of draws',
        'Mean of the dearest 5%',
        'Is the cheapest',
        `Mean against ${md(baseline)}`,
        '90% of draws',
        'Cheaper in',
      ],
      'lrrrrrrr',
      rows,
    ),
    ...bullets(
      [
        ...breakEvensWithBaseline(report).map((entry) => breakEvenSentence(entry, draws)),
        ...dominanceWith(found, recommendation.strategy ?? baseline).map((pair) => dominanceSentence(pair, draws)),
        ...(regret === null ? [] : [regret]),
        `${methodSentence(found)} ± is two standard errors.`,
      ].map(md),
    ),
    '',
  ];
}

function drivers({ uncertainty: found }: Report): string[] {
  const tornado = found?.tornado ?? null;
  const bars = tornado === null ? [] : shownBars(tornado).slice(0, MOST_INPUTS);
  if (tornado === null || bars.length === 0) return [];
  return table(
    [
      'Input, the others at their means',
      'P10 to P90',
      `${md(tornado.strategy)} less ${md(tornado.versus)}`,
      'The cheapest becomes',
      'Path for --set',
    ],
    'lrrll',
    bars.map((bar) => [
      md(inputLabel(bar.path)),
      md(`${inputValue(bar.low.input, bar.unit)} to ${inputValue(bar.high.input, bar.unit)}`),
      `${roughDifference(bar.low.quantity_usd)} to ${roughDifference(bar.high.quantity_usd)}`,
      md(flipWords(bar).join('; ')),
      md(bar.path),
    ]),
  );
}

const bestWhere = ({ best_map: map }: Report): string[] => [md(map === undefined ? NO_MAP : mapSentence(map)), ''];

function measurements({ uncertainty: found }: Report): string[] {
  if (found === undefined) return [];
  const perfect = perfectSentence(found);
  const lines = [...measureNext(found), ...(perfect === null ? [] : [perfect])];
  return lines.length === 0 ? [] : [...bullets(lines.map(md)), ''];
}
