/** Verdicts as a table in Markdown. The same results give the same bytes: it tells no measured time and no hour. */
import { PROBES, TRAPS } from './probes.mjs';

export const NAMES = { direct: 'Direct', router: 'This router', nginx: 'nginx', portkey: 'Portkey' };
const TARGETS = Object.keys(NAMES);
const VERDICTS = { pass: 'pass', fail: '**fail**', none: '–' };

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const cellOf = ({ verdict, seen }) => (seen === '' ? VERDICTS[verdict] : `${VERDICTS[verdict]}: ${seen}`);

/**
 * @param results target -> `{ version, results }`
 * @param versions of Node, and of what Portkey was run with
 * @param date of the state that was run
 */
export function tableOf(results, { versions, date }) {
  const count = (name, verdict) => PROBES.filter(({ id }) => results[name].results[id].verdict === verdict).length;
  const counts = Object.keys(VERDICTS).map((verdict) =>
    row([VERDICTS[verdict], ...TARGETS.map((name) => String(count(name, verdict)))]),
  );
  const sorted = PROBES.map((probe, i) => ({ probe, i })).sort((a, b) => a.probe.trap - b.probe.trap || a.i - b.i);
  const rows = sorted.map(({ probe: { id, trap, title, requires } }, i) => {
    const isFirst = trap !== sorted[i - 1]?.probe.trap;
    const cells = TARGETS.map((name) => cellOf(results[name].results[id]));
    return row([isFirst ? `${trap}. ${TRAPS[trap]}` : '', `\`${id}\` ${title}`, requires, ...cells]);
  });
  return `# Conformance: this router beside nginx and Portkey

The same ${PROBES.length} probes were run against a scripted seller directly, through this router, through nginx and through
Portkey's open-source gateway, on one machine over 127.0.0.1. Each looks at the bytes that the client got and at the
seller's own counters; of this router also at its usage log and metrics, which have to agree with the seller's count of
calls. Probes are grouped by the traps that gateways for language models have fallen into, under the numbers that the
tests of the router use.

State of ${date}: Node ${versions.node}, nginx ${results.nginx.version} (Debian), Portkey ${results.portkey.version} with ${versions.pins}.

Run again with \`npm run conformance\`. It installs Debian's nginx where it may and what \`test/peers/package.json\` pins;
its exit code is 1 where this router fails a probe.

- **pass**, **fail**: against what is required; behind it, what was seen.
- **–**: nothing is owed there. *Direct* is the seller itself and shows what a client meets without a gateway. nginx does
  not read what it carries. *not set up*: the probe is about a feature for which nothing was configured there, which says
  nothing of whether it exists.
- What is required of log and metrics is required of this router alone.
- nginx is \`proxy_pass\` to one seller, with keep-alive, without buffering, \`proxy_read_timeout\` set. Portkey is told its
  sellers and policies by headers, as it is made for; retries are 2, with \`use_retry_after_header\` in the probes of
  Retry-After, and \`request_timeout\` is set in the probe of a silent seller. Neither was made for this table.

${row(['', ...TARGETS.map((name) => NAMES[name])])}
|---|${TARGETS.map(() => '---:|').join('')}
${counts.join('\n')}

${row(['Trap', 'Probe', 'Required', ...TARGETS.map((name) => NAMES[name])])}
|---|---|---|${TARGETS.map(() => '---|').join('')}
${rows.join('\n')}
`;
}
