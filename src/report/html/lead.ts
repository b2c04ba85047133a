/** What stands first on the page: the answer in a card, why, what would change it, and the headline numbers. */
import { answerSentence, basisSentence, cashSentence, horizonWords } from '../answer.ts';
import type { Report, ReportBreakEven } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { calendarMonth, monthName, number, plural, share, usd, usdDifference } from '../format.ts';
import { sureSentence } from '../uncertainty-words.ts';
import { crossingsWords } from '../words.ts';
import { list } from './table.ts';

export function answerCard(report: Report): Html {
  const { strategy, reasons, would_change_if } = report.recommendation;
  const sure = sureSentence(report);
  return html`<div class="answer${strategy === null && ' open'}">
<p class="what">${answerSentence(report)}</p>
${
  sure !== null &&
  html`<p>${sure}</p>
`
}${strategy !== null && html`<p>${basisSentence(report)} ${cashSentence(report)}</p>`}
${
  (reasons.length > 0 || would_change_if.length > 0) &&
  html`<div class="cols">
${reasons.length > 0 && html`<div><h3>Why</h3>${list(reasons)}</div>`}
${would_change_if.length > 0 && html`<div><h3>What would change the answer</h3>${list(would_change_if)}</div>`}
</div>`
}</div>
`;
}

/** A few numbers with what they mean; those that can't be said are left out. */
export function headlineNumbers(report: Report): Html {
  const { recommendation, traffic } = report;
  const chosen = report.strategies.find(({ id }) => id === recommendation.strategy);
  const entry = report.break_even.find(
    ({ driver, a, b }) =>
      driver === 'month' &&
      [a, b].includes(recommendation.strategy ?? '') &&
      [a, b].includes(recommendation.versus ?? ''),
  );
  const last = report.horizon_months - 1;
  const tiles: (readonly [string, string, string])[] = [
    ...(chosen === undefined || chosen.npv_usd === null
      ? []
      : [
          [
            `Net present cost of ${chosen.id}`,
            usd(chosen.npv_usd),
            `of which cash ${usd(chosen.cash_npv_usd)}`,
          ] as const,
        ]),
    ...(recommendation.saving_usd === null
      ? []
      : [
          [
            `Against ${recommendation.versus ?? report.baseline}`,
            usdDifference(-recommendation.saving_usd),
            `over ${horizonWords(report)}, discounted at ${share(report.discount_rate_per_year)} per year`,
          ] as const,
        ]),
    ...(entry === undefined
      ? []
      : [[`Break-even in time with ${recommendation.versus}`, ...breakEvenTile(report, entry)] as const]),
    [
      'Traffic read',
      plural(traffic.requests, 'request'),
      `${number(traffic.monthly_requests[0] ?? 0)} per month in ${monthName(report.start)}, ${number(traffic.monthly_requests[last] ?? 0)} in ${calendarMonth(report.start, last)}`,
    ],
  ];
  return html`<dl class="figures">${tiles.map(
    ([term, value, note]) => html`<div><dt>${term}</dt><dd>${value}<small>${note}</small></dd></div>
`,
  )}</dl>
`;
}

/** The first crossing large, what follows small; with none, the verdict says who is ahead throughout. */
function breakEvenTile(report: Report, entry: ReportBreakEven): [string, string] {
  const [first = '', ...more] = crossingsWords(report, entry);
  if (entry.crossings.length === 0) return ['never', entry.verdict.replace(/^never:?\s*/, '')];
  const cut = first.indexOf(': ');
  const rest = cut === -1 ? '' : first.slice(cut + 2);
  return [cut === -1 ? first : first.slice(0, cut), [rest, ...more].filter((text) => text !== '').join('; ')];
}
