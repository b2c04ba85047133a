/**
 * The contract of `access:` in the files of sellers and gateways: how a system is reached for live calls. Address, what it
 * speaks there, which variable holds the key, how it names models, where its answers tell their cost; with source and date.
 *
 * It holds no key. What only a person can know (an account, the address of a gateway of one's own) stands under `ask`, in
 * words; what is not documented is left out. The look-up is access.ts's business, names of models are access-names.ts's.
 */
import * as z from 'zod';

export const LIVE_APIS = ['openai', 'anthropic'] as const;
export const ACCESS_KINDS = ['direct', 'managed_gateway', 'self_hosted_gateway', 'router', 'local'] as const;
export const LIVE_FEATURES = [
  'chat',
  'stream',
  'stream_usage',
  'tools',
  'json_mode',
  'json_schema',
  'embeddings',
  'images',
  'models_list',
] as const;

/** `{account_id}`: filled in by what a person answers; `{seller}` and `{model}` are filled in by the look-up. */
const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g;
export const placeholdersIn = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map((match) => match[1]!);
export const filledIn = (text: string, values: Readonly<Record<string, string | undefined>>): string =>
  text.replaceAll(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
/** The same in every value. */
export const filledAll = (
  texts: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, filledIn(text, values)]));
const OF_THE_TARGET: readonly string[] = ['seller', 'model'];

const isAddress = (text: string): boolean => {
  const whole = filledIn(text, Object.fromEntries(placeholdersIn(text).map((name) => [name, 'x'])));
  return URL.canParse(whole) && /^https?:\/\/[^?#@{}]*[^/?#@{}]$/.test(whole);
};
const address = z
  .string()
  .refine(isAddress, 'expected an http or https address without a slash at the end, credentials, query or fragment');

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable');
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name in lower case, with dashes');
const headerName = z.string().regex(/^[a-z0-9-]+$/, 'expected a header’s name in lower case');
const isSecret = (header: string): boolean =>
  /^(authorization|proxy-authorization|cookie|.*api-?key.*|.*token.*|.*secret.*)$/.test(header);

const question = z
  .strictObject({
    question: z.string().min(10).describe('To a person, in words'),
    env: variable.optional().describe('Environment variable that documentation uses for it'),
    default: z.string().min(1).optional().describe('What holds where nobody answers, such as the port of an image'),
  })
  .describe('Something that only a person can know');

const modelNames = z
  .strictObject({
    form: z
      .string()
      .refine((text) => placeholdersIn(text).length > 0, 'names no {model}')
      .describe('How a name is written: {seller}/{model}; others of its {placeholders} stand under ask'),
    sellers: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe(
        'Seller of the price book -> as it is written there. Where it stands, the form holds for these sellers alone',
      ),
    versions_with_dots: z
      .array(z.string())
      .default([])
      .describe('Sellers in whose names a dash between two numbers is a dot there: claude-opus-4-8 is claude-opus-4.8'),
    names: z
      .record(z.string(), z.string().min(1))
      .default({})
      .describe('seller/model of the price book -> its name there, where the form does not give it'),
    other_models: z
      .array(z.string())
      .default([])
      .describe('Names there that look like one of the price book and mean another model'),
  })
  .describe('How a model of the price book is named there; absent: as the price book has it');

export const reportsCost = z
  .strictObject({
    in: z
      .enum(['usage', 'header', 'lookup'])
      .describe('usage: a field of the answer’s usage; header: of the answer; lookup: a further request'),
    name: z.string().min(1).describe('Field of usage, header, or dotted field of what the look-up answers'),
    path: z.string().startsWith('/').optional().describe('Of a look-up, after base_url; {id} is the answer’s id'),
    unit: z.string().default('USD').describe('As documentation calls it'),
    usd_per_unit: z.number().positive().default(1).describe('Dollars of one such unit'),
    streamed: z.boolean().optional().describe('Whether streams tell it too; absent: not known'),
  })
  .refine(
    (one) => (one.in === 'lookup') === (one.path !== undefined),
    'a path belongs to a look-up, and a look-up has one',
  )
  .describe('Where an answer tells what it cost; absent: not documented');

const supports = z
  .partialRecord(z.enum(LIVE_FEATURES), z.boolean())
  .describe('true: documented; false: documented as missing; absent: not known');

const confidence = z.enum(['high', 'medium', 'low']).describe('How sure it is');

/** What the main access and each further one state. */
const reached = {
  base_url: address.optional().describe('With its version; absent: no public one, asked for under ask.base_url'),
  api: z.enum(LIVE_APIS).describe('What it speaks there'),
  kind: z
    .enum(ACCESS_KINDS)
    .optional()
    .describe('Absent: direct for sellers, managed or self-hosted as the gateway’s kind'),
  key_env: variable
    .optional()
    .describe('Environment variable of its key, as its own SDK or documentation has it; absent: it needs none'),
  key_of: z.literal('seller').optional().describe('The key is that of the model’s seller'),
  key_header: headerName
    .optional()
    .describe('Header that carries the key; absent: authorization, of anthropic x-api-key'),
  key_prefix: z
    .string()
    .optional()
    .describe('Stands before the key; absent: "Bearer " in authorization, elsewhere nothing'),
  headers: z.record(headerName, z.string()).optional().describe('Sent with every request; no secrets'),
  model_names: modelNames.optional(),
  supports: supports.optional(),
  reports_cost: reportsCost.optional(),
  ask: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), question).optional(),
  source: z.string().min(4).describe('Where it was read: an address, or repo@commit'),
  note: z.string().optional().describe('What a person should know of it'),
};

const furtherAccess = z
  .strictObject({
    name: name.describe('Targets name it after an @: alibaba@us/qwen-plus'),
    ...reached,
    own_prices: z.boolean().default(false).describe('Sells at prices that are not in the seller’s file'),
    as_of: z.iso.date().optional().describe('Date of the source; default: that of the main one'),
    confidence: confidence.optional(),
  })
  .describe(
    'Another way in: a region, another API. What it leaves out is as in the main one; headers, the key’s header, supports and reports_cost only where both speak the same API',
  );

type Reached = Pick<z.infer<typeof furtherAccess>, 'base_url' | 'headers' | 'model_names' | 'ask'>;

/** Secrets; and what is asked for and not used, used and not asked for, or not known and not asked for. */
function gaps({ base_url, headers = {}, model_names, ask = {} }: Reached): string[] {
  const used = [base_url ?? '', model_names?.form ?? '', ...Object.values(headers)].flatMap(placeholdersIn);
  const asked = Object.keys(ask);
  const open = [...new Set(used)].filter((one) => !OF_THE_TARGET.includes(one) && !asked.includes(one));
  const idle = asked.filter((one) => one !== 'base_url' && !used.includes(one));
  const secret = Object.keys(headers).filter(isSecret);
  return [
    ...secret.map((one) => `headers.${one} carries a secret; its variable belongs under key_env`),
    ...open.map((one) => `{${one}} is not asked for under ask`),
    ...idle.map((one) => `ask.${one} is used nowhere: write {${one}} where it belongs`),
    ...(base_url === undefined && !asked.includes('base_url')
      ? ['there is neither base_url nor ask.base_url, the question for it']
      : []),
    ...(base_url !== undefined && asked.includes('base_url')
      ? ['base_url stands beside the question for it; what holds without an answer is ask.base_url.default']
      : []),
  ];
}

const mainFacts = z.strictObject({
  ...reached,
  also_called: z.array(name).default([]).describe('Other names by which a target may mean this system'),
  also: z.array(furtherAccess).default([]).describe('Other ways in: a region, another API'),
  as_of: z.iso.date().describe('Date of the source'),
  confidence,
});

export type AccessFacts = z.infer<typeof mainFacts>;
export type FurtherAccess = z.infer<typeof furtherAccess>;
/** One way in, with nothing left to take from elsewhere. */
export type WholeAccess = Omit<AccessFacts, 'also' | 'also_called'> & { readonly own_prices?: boolean | undefined };

/** A further way in as a whole: what it leaves out is as in the main one. Its address is always its own. */
export function withFurther(facts: AccessFacts, further: FurtherAccess): WholeAccess {
  const { also: _also, also_called: _called, base_url: _base, ...main } = facts;
  const {
    headers: _headers,
    key_header: _key,
    key_prefix: _prefix,
    supports: _can,
    reports_cost: _cost,
    ...shared
  } = main;
  const { name: _name, as_of = facts.as_of, confidence: trust = facts.confidence, ...own } = further;
  const whole = { ...(facts.api === further.api ? main : shared), ...own };
  const used = [whole.base_url ?? '', whole.model_names?.form ?? '', ...Object.values(whole.headers ?? {})];
  const placeholders = new Set(used.flatMap(placeholdersIn));
  const asked = Object.entries(facts.ask ?? {}).filter(([key]) => placeholders.has(key));
  return { ...whole, as_of, confidence: trust, ask: { ...Object.fromEntries(asked), ...further.ask } };
}

export const accessFacts = mainFacts
  .superRefine((facts, context) => {
    const names = facts.also.map((one) => one.name);
    const tell = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const gap of gaps(facts)) tell([], gap);
    for (const [index, further] of facts.also.entries()) {
      for (const gap of gaps(withFurther(facts, further))) tell(['also', index], gap);
      if (names.indexOf(further.name) !== index) tell(['also', index, 'name'], 'two have this name');
    }
  })
  .describe('How it is reached for live calls');

export type AccessKind = (typeof ACCESS_KINDS)[number];
export type LiveApi = (typeof LIVE_APIS)[number];
export type LiveFeature = (typeof LIVE_FEATURES)[number];
export type CostReport = z.infer<typeof reportsCost>;
export type ModelNames = z.infer<typeof modelNames>;
export type AccessQuestion = z.infer<typeof question>;
