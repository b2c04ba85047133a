/** The strategies side by side, and for each what it brings, builds and does without. */
import { againstBaseline, inRankOrder, optimisedSentences } from '../answer.ts';
import type { Report, ReportStrategy } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { ANSWER_WORDS, kindWords, needWords } from '../words.ts';
import { money, moneyDifference } from './amounts.ts';
import { folded, list, section, table } from './table.ts';

export const strategiesSection = (report: Report): Html =>
  section(
    'strategies',
    'Strategies compared',
    html`<p>Ranked by net present cost: what is spent and what is lost in value, later money discounted to the start. Totals are undiscounted. All amounts in US dollars over the whole horizon.</p>
`,
    table(
      'Strategies',
      [
        { head: 'Strategy' },
        { head: 'Net present cost', numeric: true },
        { head: 'Against the baseline', numeric: true },
        { head: 'Total', numeric: true },
        { head: 'Cash part of it', numeric: true },
        { head: 'Remarks' },
      ],
      inRankOrder(report).map((s) => [
        html`${s.id}<small>${s.title !== s.id && html`${s.title} · `}${kindWords(s.kind)}</small>`,
        money(s.npv_usd),
        s.id === report.baseline ? '–' : moneyDifference(againstBaseline(report, s)),
        money(s.total_usd),
        money(s.cash_usd),
        remarks(report, s),
      ]),
    ),
    optimisedSentences(report).length > 0 && list(optimisedSentences(report)),
  );

const remarks = (report: Report, s: ReportStrategy): Html =>
  html`${
    s.id === report.recommendation.strategy && html`<span class="tag yes">recommended</span>`
  }${s.id === report.baseline && html`<span class="tag">baseline</span>`}${
    s.excluded !== undefined && html`<span class="tag no">excluded</span><small>${s.excluded}</small>`
  }${s.comes_to !== undefined && html`<span class="tag">not ranked</span><small>comes to ${s.comes_to}</small>`}${
    s.unranked !== undefined && html`<span class="tag">not ranked</span><small>${s.unranked}</small>`
  }${s.npv_usd === null && html`<span class="tag no">unpriced</span>`}`;

export const choicesSection = (report: Report): Html =>
  section(
    'choices',
    'What each strategy brings, builds and does without',
    html`<p>A need that a strategy does not bring costs hours to build and keep up. An optional need may be done without where that is cheaper.</p>
`,
    report.strategies.map((s) =>
      folded(
        html`<b>${s.id}</b> ${summary(s)}`,
        s.choices.length === 0
          ? html`<p>No needs are stated.</p>`
          : table(
              `Needs under ${s.id}`,
              [{ head: 'Need' }, { head: 'Required' }, { head: 'Answer' }, { head: 'Why' }],
              s.choices.map((c) => [
                needWords(c.need),
                c.required ? 'required' : 'optional',
                ANSWER_WORDS[c.answer],
                c.reason,
              ]),
            ),
      ),
    ),
  );

function summary({ choices }: ReportStrategy): string {
  const words = { brought: 'brought', already_built: 'already built', built: 'to build', done_without: 'done without' };
  return Object.entries(words)
    .map(([answer, word]) => [choices.filter((c) => c.answer === answer).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
