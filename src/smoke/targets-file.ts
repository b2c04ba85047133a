/**
 * The contract of targets.yaml, and what it becomes: targets, whose address, key variable and names come from the price book
 * where they are named as `seller/model` or `gateway/seller/model`, and from the file where it says otherwise. All that is
 * wrong is told at once. It holds no key, only the names of environment variables.
 */
import * as z from 'zod';
import { type Diagnostic, problem, warning } from '../errors.ts';
import { CHECKS, TARGET_KINDS } from '../measurements/contract.ts';
import { didYouMean } from '../nearest.ts';
import { accessOf, isAccess, type LiveAccess } from '../pricing/access.ts';
import { completed } from '../pricing/access-answers.ts';
import { LIVE_APIS, reportsCost } from '../pricing/access-facts.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { resolveModel, unknownInWords } from '../pricing/resolve.ts';
import { exactAmount, wholeMs } from '../routing/exact.ts';
import type { Target } from './target.ts';

const KINDS = TARGET_KINDS.filter((kind) => kind !== 'stand_in');
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'allowed are lower-case letters, digits and hyphens, at most 61');
const model = z.string().min(1).max(200);

const targetSpec = z
  .strictObject({
    target: z
      .string()
      .optional()
      .describe('seller/model, gateway/seller/model or gateway/its-own-name, as in the price book'),
    id: id.optional().describe('As reports name it; default: from `target`'),
    answers: z
      .record(z.string(), z.string())
      .default({})
      .describe('What the price book asks for: account, region, address'),
    kind: z.enum(KINDS).optional(),
    base_url: z
      .url({ protocol: /^https?$/, error: 'expected an http or https address' })
      .refine((url) => !/[?#@]/.test(url), 'an address has no credentials, query or fragment')
      .optional()
      .describe('With its version: http://127.0.0.1:8787/v1'),
    api: z.enum(LIVE_APIS).optional(),
    model: model.optional().describe('As it is sent'),
    priced_as: z
      .string()
      .regex(/^[^/]+\/.+$/, 'expected seller/model')
      .optional()
      .describe('seller/model whose price holds behind it'),
    key_env: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable')
      .optional()
      .describe('Environment variable that holds the key; absent and not known: it needs none'),
    key_header: z
      .string()
      .regex(/^[a-z0-9-]+$/, 'expected a header’s name in lower case')
      .optional(),
    reports_cost: reportsCost.optional(),
    output_limit: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
    embeddings_model: model.optional(),
    images_model: model.optional(),
    images_price: exactAmount('USD', 'Of one image of 1024 x 1024, where the price book has none: 0.04 USD', {
      min: 0,
    }).optional(),
    timeout: exactAmount('ms', 'Of one call').prefault('60 s'),
  })
  .refine(
    ({ target, base_url, model: sent }) => target !== undefined || (base_url !== undefined && sent !== undefined),
    'needs a target of the price book, or base_url and model',
  )
  .describe('One way to one model');

export const targetsFile = z
  .strictObject({
    $schema: z.string().optional(),
    targets: z.array(targetSpec).min(1).max(50),
    baseline: id.optional().describe('What differences are taken against; default: the first direct one'),
    required: z
      .array(z.enum(CHECKS))
      .default(['reachable', 'streaming', 'error_shape'])
      .describe('Checks without which a target does not pass, for the exit code'),
  })
  .describe('Targets of tollgate smoke');

export type TargetsFile = z.infer<typeof targetsFile>;
type TargetSpec = TargetsFile['targets'][number];
type Where = (path: readonly PropertyKey[]) => string;
type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadTargets {
  readonly targets: readonly Target[];
  readonly found: readonly Diagnostic[];
}

/** What the price book asks for is answered by the file, else by the environment variable that documentation names. */
export function targetsOf(book: PriceBook, file: TargetsFile, where: Where, env: Environment = {}): ReadTargets {
  const found: Diagnostic[] = [];
  const made = file.targets.flatMap((spec, i) => {
    const path = where(['targets', i]);
    const access = spec.target === undefined ? undefined : reached(book, spec, spec.target, env);
    const told = access === undefined ? [] : 'system' in access ? access.findings : access;
    found.push(...told.map((one) => ({ ...one, path, message: `${spec.target}: ${one.message}` })));
    if (spec.priced_as !== undefined)
      found.push(...unpricedAs(book, spec.priced_as, where(['targets', i, 'priced_as'])));
    return access !== undefined && !('system' in access)
      ? []
      : [{ path, target: targetOf(book, spec, access, file.required) }];
  });
  const ids = made.map(({ target }) => target.id);
  for (const [i, { path, target }] of made.entries())
    if (ids.indexOf(target.id) < i)
      found.push(problem('SMOKE_TARGET', path, `two targets are called ${target.id}; give one of them an id`));
  const asked = file.targets.map((spec) => spec.id ?? idOf(spec.target ?? `${spec.kind ?? 'own'}-${spec.model}`));
  if (file.baseline !== undefined && !asked.includes(file.baseline))
    found.push(
      problem(
        'SMOKE_TARGET',
        where(['baseline']),
        `there is no target "${file.baseline}"${didYouMean(file.baseline, asked)}; there are ${asked.join(', ')}`,
      ),
    );
  const baseline = file.baseline ?? (made.find(({ target }) => target.kind === 'direct') ?? made[0])?.target.id;
  return { targets: made.map(({ target }) => ({ ...target, isBaseline: target.id === baseline })), found };
}

/** A warning where no card has the name, before a run leaves the target out for it. */
function unpricedAs(book: PriceBook, name: string, path: string): readonly Diagnostic[] {
  const found = resolveModel(book, name);
  return 'unknown' in found ? [warning('SMOKE_PRICE', path, `${name}: ${unknownInWords(found)}`)] : [];
}

/** The card that a name means, aliases with it; as it stands where there is none. */
function pricedAs(book: PriceBook, name: string): { readonly seller: string; readonly model: string } {
  const found = resolveModel(book, name);
  if (!('unknown' in found)) return { seller: found.seller, model: found.model };
  const slash = name.indexOf('/');
  return { seller: name.slice(0, slash), model: name.slice(slash + 1) };
}

function reached(
  book: PriceBook,
  spec: TargetSpec,
  name: string,
  env: Environment,
): LiveAccess | readonly Diagnostic[] {
  const access = accessOf(book, name);
  if (!isAccess(access)) return [access];
  const fromEnv = access.ask.flatMap((one) => {
    const answer = one.env === undefined ? undefined : env[one.env];
    return answer === undefined || answer === '' ? [] : [[one.name, answer] as const];
  });
  const asksAddress = access.ask.some((one) => one.name === 'base_url');
  const address = spec.base_url !== undefined && asksAddress ? { base_url: spec.base_url } : {};
  const answers: Readonly<Record<string, string>> = { ...Object.fromEntries(fromEnv), ...spec.answers, ...address };
  const whole = completed(access, answers);
  const open = access.ask.filter((one) => answers[one.name] === undefined && one.default === undefined);
  return 'system' in whole || open.length === 0 ? whole : [...whole, howToAnswer(name, open)];
}

/** A question alone says nothing of where its answer goes. */
function howToAnswer(name: string, open: LiveAccess['ask']): Diagnostic {
  const answers = open.flatMap((one) => (one.name === 'base_url' ? [] : [`${one.name}: …`]));
  const parts = [
    `target: ${name}`,
    ...(answers.length < open.length ? ['base_url: …'] : []),
    ...(answers.length > 0 ? [`answers: {${answers.join(', ')}}`] : []),
  ];
  return problem('SMOKE_TARGET', name, `answered in targets.yaml: {${parts.join(', ')}}`);
}

function targetOf(
  book: PriceBook,
  spec: TargetSpec,
  access: LiveAccess | undefined,
  required: TargetsFile['required'],
): Target {
  const api = spec.api ?? access?.api ?? 'openai';
  const key_header = spec.key_header ?? access?.key_header ?? (api === 'anthropic' ? 'x-api-key' : 'authorization');
  const priced_as = spec.priced_as === undefined ? access?.priced_as : pricedAs(book, spec.priced_as);
  const system = access?.system ?? spec.kind ?? 'own';
  return {
    id: spec.id ?? idOf(spec.target ?? `${system}-${spec.model}`),
    system,
    kind: spec.kind ?? access?.kind ?? 'router',
    base_url: (spec.base_url ?? access?.base_url ?? '').replace(/\/+$/, ''),
    api,
    model: spec.model ?? access?.model ?? '',
    priced_as,
    key_env: spec.key_env ?? access?.key_env,
    key_header,
    key_prefix: access?.key_header === key_header ? access.key_prefix : key_header === 'authorization' ? 'Bearer ' : '',
    headers: { ...(api === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}), ...access?.headers },
    reports_cost: spec.reports_cost ?? access?.reports_cost,
    supports: access?.supports ?? {},
    embeddings_model: spec.embeddings_model,
    images_model: spec.images_model,
    usd_per_image: spec.images_price?.central,
    isBaseline: false,
    required: new Set(required),
    timeout_ms: wholeMs(spec.timeout),
    output_limit:
      spec.output_limit ??
      (priced_as?.seller === 'openai' || priced_as?.seller === 'azure' ? 'max_completion_tokens' : 'max_tokens'),
  };
}

export const idOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 61);
