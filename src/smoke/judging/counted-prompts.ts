/**
 * Three prompts whose tokens are known: English, a program, Chinese with emoji. Counts are of the text alone, by the encodings
 * o200k_base (GPT-4o, 4.1, 5, o-series) and cl100k_base (GPT-4, 3.5); gpt-tokenizer 4 and js-tiktoken 1 agree on all six.
 *
 * A chat puts 7 tokens around a single message (3 for the message, 1 for its role, 3 that begin the answer; OpenAI cookbook,
 * how to count tokens with tiktoken); 3 to 12 are let pass.
 */
export interface CountedPrompt {
  readonly name: string;
  readonly text: string;
  readonly tokens: Readonly<Record<'o200k' | 'cl100k', number>>;
}

export const FRAME_TOKENS = { least: 3, most: 12 };

const ENGLISH =
  'Read the paragraph and reply with the single word OK. A harbour town keeps two ledgers. In the first the clerk writes ' +
  'every ship that comes in, what it carries, who owns the cargo and how long it lay at the quay; in the second, what ' +
  'each owner was charged for pilots, ropes, fresh water and the watchman who walked the pier at night. Once a quarter ' +
  'the two are laid side by side. Where a ship stands in one and not in the other, the clerk asks the pilot; where the ' +
  'charges do not follow from the days at the quay, he asks the treasurer. Most of what he finds is nobody’s fault: a ' +
  'storm, a holiday, a page that stuck to its neighbour. What remains is small, but it is always in favour of the same side.';
const CODE =
  'Read the program and reply with the single word OK.\n' +
  'export function settle(rows, rates) {\n' +
  '  const owed = new Map();\n' +
  '  for (const { id, counts, started_at } of rows) {\n' +
  '    const rate = rates.find(({ from, to }) => from <= started_at && (to === undefined || started_at < to));\n' +
  '    if (rate === undefined) throw new RangeError("no rate for " + id + " at " + started_at);\n' +
  '    let sum = owed.get(id) ?? 0;\n' +
  '    for (const [meter, count] of Object.entries(counts)) {\n' +
  '      sum += (count * (rate.usd_per_mtok[meter] ?? 0)) / 1_000_000;\n' +
  '    }\n' +
  '    owed.set(id, sum);\n' +
  '  }\n' +
  '  return [...owed].sort(([, a], [, b]) => b - a).map(([id, usd]) => ({ id, usd: usd.toFixed(6) }));\n' +
  '}\n';
const CHINESE =
  '请阅读下面的文字，然后只回答 OK 这个词。港口小镇有两本账簿：第一本记录每一艘进港的船、它装载的货物、货主的姓名以及停靠的天数；' +
  '第二本记录向每位货主收取的引水费、缆绳费、淡水费和夜间看守费。每个季度，书记员把两本账簿并排放在桌上逐行核对。' +
  '如果一艘船只出现在其中一本里，他就去问引水员；如果费用与天数不符，他就去问司库。⚓🚢📒 大多数差错并不是谁的过失：' +
  '一场风暴、一个假日、一页粘住的纸。🌧️🎉📄 剩下的差额很小，却总是偏向同一方。🤔';

export const COUNTED_PROMPTS: readonly CountedPrompt[] = [
  { name: 'English', text: ENGLISH, tokens: { o200k: 163, cl100k: 164 } },
  { name: 'program', text: CODE, tokens: { o200k: 200, cl100k: 202 } },
  { name: 'Chinese', text: CHINESE, tokens: { o200k: 199, cl100k: 258 } },
];
