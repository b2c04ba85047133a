/**
 * The plan of the house. The table says which stage may import which; nothing else is allowed, and there are no cycles.
 * Sound with regular expressions because `verbatimModuleSyntax` keeps imports as they are written.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../src');

const VOCABULARY = [
  'amount',
  'capabilities',
  'diagnose',
  'distribution',
  'errors',
  'formula',
  'input-paths',
  'input-words',
  'meters',
  'nearest',
  'present-value',
  'random',
  'rising',
  'special-functions',
  'units',
];
const MODEL = ['model', 'appraise', 'explain'];
const FACTS = ['routing', 'trace', 'workload', 'usage', 'pricing', 'scenario'];
const EVALUATE = [
  'evaluate',
  'measure',
  'replay-plans',
  'strategy-replays',
  'prepare',
  'choices',
  'constraints',
  'kept-out',
  'findings',
  'replay-findings',
  'sampled-outages',
  'backtest',
  'settle-splits',
];

/** Stage -> what it may import besides itself and the vocabulary. The order is the order of the flow. */
const ALLOWED: Record<string, readonly string[]> = {
  model: [],
  appraise: ['model'],
  explain: ['model', 'appraise'],
  routing: [],
  trace: [],
  workload: ['trace'],
  usage: ['trace'],
  pricing: ['trace', 'usage'],
  scenario: ['routing', 'trace', 'workload', 'replay', 'pricing', 'sampling'],
  conditions: [],
  replay: ['routing', 'trace', 'usage', 'conditions'],
  costs: ['model', 'conditions', 'replay', 'usage', 'pricing', 'scenario'],
  strategies: ['costs', 'usage', 'pricing', 'scenario'],
  analysis: ['model', 'appraise'],
  sampling: [],
  decision: [],
  uncertainty: ['model', 'appraise', 'conditions', 'analysis', 'sampling', 'decision'],
  measure: ['trace', 'usage', 'pricing', 'scenario'],
  'replay-plans': ['routing', 'pricing', 'conditions', 'replay', 'scenario'],
  'strategy-replays': ['routing', 'trace', 'pricing', 'conditions', 'replay', 'scenario', 'replay-plans'],
  'replay-findings': ['replay', 'usage', 'scenario'],
  'sampled-outages': ['conditions', 'pricing', 'scenario'],
  choices: ['model', 'appraise', 'analysis', 'scenario'],
  prepare: [
    ...MODEL,
    ...FACTS,
    'costs',
    'strategies',
    'choices',
    'constraints',
    'replay',
    'replay-findings',
    'conditions',
    'analysis',
  ],
  constraints: ['pricing', 'scenario'],
  'kept-out': ['scenario', 'analysis'],
  backtest: ['usage', 'pricing'],
  findings: ['model', 'costs', 'replay', 'strategies', 'usage', 'pricing', 'scenario', 'prepare', 'replay-findings'],
  'settle-splits': [
    ...MODEL,
    'replay',
    'usage',
    'pricing',
    'scenario',
    'analysis',
    'constraints',
    'prepare',
    'findings',
  ],
  evaluate: [...MODEL, ...FACTS, ...EVALUATE, 'replay', 'costs', 'strategies', 'analysis', 'uncertainty'],
  claims: [...MODEL, 'scenario', 'conditions', 'replay', 'analysis', 'findings', 'evaluate'],
  ledger: [...MODEL, 'replay', 'evaluate', 'claims', 'report'],
  whatif: [
    ...MODEL,
    'conditions',
    'scenario',
    'analysis',
    'sampling',
    'decision',
    'uncertainty',
    'prepare',
    'findings',
    'strategies',
    'evaluate',
  ],
  results: ['scenario', 'analysis', 'decision', 'uncertainty', 'evaluate', 'claims', 'report'],
  report: [
    ...MODEL,
    ...FACTS,
    'costs',
    'claims',
    'conditions',
    'replay',
    'analysis',
    'decision',
    'uncertainty',
    'strategies',
    'evaluate',
    'whatif',
  ],
  page: ['scenario', 'analysis', 'whatif', 'report'],
  starters: ['usage', 'pricing'],
  systems: ['trace', 'pricing', 'report'],
  measurements: ['pricing', 'report'],
  calibration: ['scenario', 'evaluate', 'report', 'results', 'measurements'],
  engines: ['trace', 'usage'],
  io: [...FACTS, 'replay', 'measure', 'replay-plans', 'strategy-replays', 'report', 'measurements', 'engines'],
  'reports-server': ['report', 'results', 'io'],
  router: [...FACTS, 'conditions', 'io'],
  smoke: ['routing', 'pricing', 'measurements', 'io', 'router'],
  cli: [
    ...FACTS,
    'router',
    'smoke',
    'measurements',
    'calibration',
    'conditions',
    'replay',
    'replay-plans',
    'sampled-outages',
    'evaluate',
    'measure',
    'backtest',
    'claims',
    'ledger',
    'whatif',
    'report',
    'results',
    'starters',
    'reports-server',
    'systems',
    'io',
  ],
  index: [
    ...MODEL,
    ...FACTS,
    ...EVALUATE,
    'replay',
    'analysis',
    'sampling',
    'decision',
    'claims',
    'results',
    'report',
    'io',
  ],
};

/** Package -> the only places that may import it. */
const DOORS: Record<string, RegExp> = {
  mathjs: /^formula\/(parse|mathjs-build\.d)\.ts$/,
  'fastest-levenshtein': /^nearest\.ts$/,
  'pure-rand': /^random\.ts$/,
  hono: /^(router|reports-server)\//,
  '@hono/node-server': /^(router|reports-server)\//,
  undici: /^(router|smoke)\//,
  'eventsource-parser': /^(router\/stream-tap|smoke\/live-caller)\.ts$/,
  commander: /^cli\//,
  'cli-table3': /^cli\//,
  'cli-progress': /^cli\//,
  picocolors: /^cli\/colours\.ts$/,
  yaml: /^io\//,
  'csv-parse': /^io\//,
  '@duckdb/node-api': /^engines\//,
  '@clickhouse/client': /^engines\//,
  vega: /^io\/render-chart\.ts$/,
  'vega-lite': /^io\/render-chart\.ts$/,
  '@resvg/resvg-js': /^io\/render-png\.ts$/,
  zod: /^(amount|diagnose)\.ts$|^(amount|routing|trace|workload|conditions|replay|pricing|scenario|report|ledger|measurements|io|router|smoke)\//,
};

const IMPURE = new Set(['engines', 'io', 'reports-server', 'router', 'smoke', 'cli']);
/** Runs in browsers alone: may have a clock and the document, but nothing of Node. */
const BROWSER = 'page';
const FORBIDDEN_IN_PURE = [
  /\b(?:document|navigator|localStorage)\.\w+[(.;]/,
  /\bDate\.now\b/,
  /\bnew Date\b(?!\((?!\)))/,
  /\bMath\.random\b/,
  /\bcrypto\./,
  /\b(?:setTimeout|setInterval|setImmediate)\b/,
  /\btoLocale\w*\(\)/,
  /\bconsole\./,
  /\bprocess\./,
  /\bBuffer\./,
  /\bglobalThis\b/,
  /\bimport\.meta\b/,
  /\bfetch\(/,
  /\b(?:WebSocket|XMLHttpRequest)\b/,
  /\bperformance\./,
  /\beval\(/,
  /\bnew Function\b/,
];
const FORBIDDEN_IN_BROWSER = [
  /\bprocess\./,
  /\bBuffer\./,
  /\bMath\.random\b/,
  /\bconsole\./,
  /\bfetch\(/,
  /\b(?:WebSocket|XMLHttpRequest)\b/,
  /\beval\(/,
  /\bnew Function\b/,
];
const NAMELESS = /(^|\/)(utils?|helpers?|common|types|services?|misc|shared)(\.ts$|\/)/;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();
const text = new Map(files.map((file) => [file, readFileSync(path.join(SRC, file), 'utf8')]));
const stageOf = (file: string): string => file.split('/')[0]!.replace(/\.ts$/, '');

function importsOf(file: string): { ours: string[]; packages: string[] } {
  const source = text.get(file)!;
  const specifiers = [
    ...source.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'/g),
    ...source.matchAll(/import\(\s*'([^']+)'\s*\)/g),
    ...source.matchAll(/(?:^|\n)import\s+'([^']+)'/g),
  ].map((match) => match[1]!);
  const ours = specifiers.filter((s) => s.startsWith('.')).map((s) => path.posix.join(path.posix.dirname(file), s));
  return { ours, packages: specifiers.filter((s) => !s.startsWith('.')) };
}

describe('architecture', () => {
  it('has every stage in the table', () => {
    const stages = new Set(files.map(stageOf).filter((stage) => !VOCABULARY.includes(stage)));
    expect([...stages].filter((stage) => !(stage in ALLOWED))).toEqual([]);
  });

  it('imports in one direction only', () => {
    const wrong = files.flatMap((file) => {
      const stage = stageOf(file);
      const allowed = VOCABULARY.includes(stage) ? VOCABULARY : [stage, ...VOCABULARY, ...ALLOWED[stage]!];
      return importsOf(file)
        .ours.filter((target) => !allowed.includes(stageOf(target)))
        .map((target) => `${file} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('resolves every import', () => {
    const missing = files.flatMap((file) =>
      importsOf(file)
        .ours.filter((target) => target.endsWith('.ts') && !text.has(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no cycle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const target of importsOf(file).ours) if (text.has(target)) visit(target, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('takes each package through its one door', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file).packages.flatMap((specifier) => {
        if (specifier.startsWith('node:')) return IMPURE.has(stageOf(file)) ? [] : [`${file}: ${specifier}`];
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        const door = DOORS[name];
        return door?.test(file) ? [] : [`${file}: ${specifier}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps clock, chance, locale, console and network out of pure stages, and Node out of the page', () => {
    const wrong = files
      .filter((file) => !IMPURE.has(stageOf(file)))
      .flatMap((file) =>
        (stageOf(file) === BROWSER ? FORBIDDEN_IN_BROWSER : FORBIDDEN_IN_PURE)
          .filter((pattern) => pattern.test(text.get(file)!))
          .map((pattern) => `${file}: ${pattern}`),
      );
    expect(wrong).toEqual([]);
  });

  it('keeps strategies from each other', () => {
    const kinds = importsOf('strategies/index.ts').ours.filter((file) => /^strategies\/(?!strategy\.ts)/.test(file));
    expect(kinds.length).toBeGreaterThan(3);
    const wrong = kinds.flatMap((file) =>
      importsOf(file)
        .ours.filter((target) => kinds.includes(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has every stage, and every word of the vocabulary, in the code map of ARCHITECTURE.md', () => {
    const written = readFileSync(path.resolve(SRC, '../ARCHITECTURE.md'), 'utf8');
    const named = new Set(
      [...written.matchAll(/`([^`\n]+)`/g)].flatMap((match) =>
        match[1]!.split(' ').map((word) => word.replace(/\/$/, '')),
      ),
    );
    expect([...VOCABULARY, ...Object.keys(ALLOWED)].filter((stage) => !named.has(stage) && stage !== 'index')).toEqual(
      [],
    );
  });

  it('names every file for its job and keeps it short', () => {
    expect(files.filter((file) => NAMELESS.test(file))).toEqual([]);
    expect(files.filter((file) => text.get(file)!.split('\n').length > 400)).toEqual([]);
    expect(files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(text.get(file)!))).toEqual([]);
  });
});
