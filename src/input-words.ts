/**
 * What an input is called wherever somebody reads of it: by its path a label, the group that it stands in and one plain
 * sentence for who decides. A path that no rule knows keeps its own name. Text alone; paths stay what files and flags take.
 */
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { capitalised, isCalendarMonth } from './units.ts';

export type InputGroup = 'traffic' | 'prices' | 'gateways' | 'engineering' | 'capabilities' | 'outages' | 'value';

export interface InputWords {
  readonly group: InputGroup;
  readonly label: string;
  readonly plain: string;
  /** A number from 0 to 1 that is a share of something. */
  readonly isShare?: boolean;
}

type Rule = readonly [RegExp, InputGroup, label: string, plain: string, isShare?: 'share'];

/** `$1` and so on stand for what the path names; capabilities are put into words, months get their capital. */
const RULES: readonly Rule[] = [
  [
    /^traffic\.volume\.requests_per_month$/,
    'traffic',
    'Requests a month at the start',
    'How many requests the application makes a month at the start, in an ordinary month, before growth and season.',
  ],
  [
    /^traffic\.volume\.growth$/,
    'traffic',
    'Growth of the traffic',
    'By how much the requests grow from month to month.',
    'share',
  ],
  [
    /^traffic\.volume\.season\.(\w+)$/,
    'traffic',
    'Traffic in $1, over an ordinary month',
    'How many requests this month of each year has over an ordinary one: 1.9 is nine tenths more.',
  ],
  [
    /^traffic\.peak_to_mean$/,
    'traffic',
    'Busiest minute over the mean',
    'How much busier the busiest minute is than the mean one; one’s own gateway is sized for it.',
  ],
  [
    /^traffic\.calls_per_task$/,
    'traffic',
    'Calls of a task',
    'How many requests an agent makes one after the other; each waits for the gateway anew.',
  ],
  [/^discount_rate$/, 'value', 'Discount rate', 'How much less a dollar is worth that is paid a year later.', 'share'],
  [
    /^price_factor$/,
    'prices',
    'Token prices, times today’s',
    'What sellers charge against the price book: 0.8 is a fall by a fifth.',
  ],
  [/^contracts\.(.+)\.discount$/, 'prices', 'Contract discount of $1', 'What the contract with $1 takes off.', 'share'],
  [
    /^contracts\.(.+)\.commitment_usd_per_month$/,
    'prices',
    'Committed spend with $1',
    'What is paid to $1 each month whether it is used or not.',
  ],
  [
    /^replay\.(?:strategies\.)?(.+)\.hit_share$/,
    'traffic',
    'Share of answers from the cache ($1)',
    'How many requests the response cache answers without a model.',
    'share',
  ],
  [
    /^replay\.prompt_caches\.(.+)\.read_share$/,
    'traffic',
    'Share of prompts read from the cache of $1',
    'How much of the prompts $1 reads at its lower price.',
    'share',
  ],
  [
    /^replay\.prompt_caches\.(.+)\.write_share$/,
    'traffic',
    'Share of prompts written to the cache of $1',
    'How much of the prompts $1 writes to its cache.',
    'share',
  ],
  [
    /^replay\.strategies\.(.+?)\.(.+\.)?fee\..+$/,
    'gateways',
    'Fee of the cache ($1)',
    'What the response cache of $1 costs.',
  ],
  [
    /^engineering\.loaded_rate$/,
    'engineering',
    'Cost of an engineer’s hour',
    'What an hour of an engineer costs with all that comes on top of pay.',
  ],
  [/^engineering\.effort\.(\w+)\.build$/, 'engineering', 'Hours to build: $1', 'How long it takes to build this once.'],
  [
    /^engineering\.effort\.(\w+)\.upkeep$/,
    'engineering',
    'Upkeep: $1',
    'How long it takes each month to keep this running.',
  ],
  [
    /^engineering\.adapter\.build$/,
    'engineering',
    'Hours to connect to a seller',
    'How long the first connection to a seller’s API takes.',
  ],
  [
    /^engineering\.adapter\.upkeep$/,
    'engineering',
    'Upkeep of a connection',
    'How long each connection takes to keep up, month by month.',
  ],
  [
    /^engineering\.adapter\.learning$/,
    'engineering',
    'What is left of the effort after each doubling',
    'Each doubling of connections brings their mean effort to this share; 100 % means no learning.',
    'share',
  ],
  [
    /^engineering\.gateway_integration$/,
    'engineering',
    'Hours to connect to a gateway',
    'How long it takes to connect to a gateway once.',
  ],
  [
    /^engineering\.migrations\.per_year$/,
    'engineering',
    'Changes of model or seller a year',
    'How often the application moves to another model or seller.',
  ],
  [
    /^engineering\.migrations\.direct$/,
    'engineering',
    'Hours of a change, directly',
    'How long a change of model or seller takes without a gateway.',
  ],
  [
    /^engineering\.migrations\.gateway$/,
    'engineering',
    'Hours of a change, through a gateway',
    'How long a change of model or seller takes through a gateway.',
  ],
  [
    /^strategies\.(.+)\.migration$/,
    'engineering',
    'Hours of the change-over ($1)',
    'How long it takes to change over within $1.',
  ],
  [/^strategies\.(.+)\.top_up$/, 'gateways', 'Credit bought at a time ($1)', 'How much credit $1 buys at once.'],
  [/^strategies\.(.+)\.hop_latency$/, 'gateways', 'Delay added by $1', 'How much longer an answer takes by this way.'],
  [
    /^outages\.hours_factor$/,
    'outages',
    'Outage hours, times the record',
    'How long sellers fail against what their status pages say.',
  ],
  [
    /^outages\.(?!severity|scope_match)(.+)\.full$/,
    'outages',
    'Hours of full outage a month ($1)',
    'How long $1 is down altogether.',
  ],
  [
    /^outages\.(?!severity|scope_match)(.+)\.partial$/,
    'outages',
    'Hours of partial outage a month ($1)',
    'How long part of $1 is down.',
  ],
  [
    /^outages\.(?!severity|scope_match)(.+)\.degraded$/,
    'outages',
    'Hours of degraded service a month ($1)',
    'How long $1 is slow or fails now and then.',
  ],
  [
    /^outages\.severity\.(.+)$/,
    'outages',
    'Requests that fail in a $1 outage',
    'Which share of the requests fails in such an hour.',
    'share',
  ],
  [
    /^outages\.scope_match\.(.+)$/,
    'outages',
    'Outages that touch one’s own models ($1)',
    'Which share of such hours touches the models in use.',
    'share',
  ],
  [
    /^outages\.common_cause$/,
    'outages',
    'Outages that hit the fallback too',
    'Which share of outages takes both sellers down at once.',
    'share',
  ],
  [
    /^outages\.recovered_later$/,
    'outages',
    'Failed requests that come back later',
    'Which share of users tries again and gets an answer.',
    'share',
  ],
  [
    /^outages\.response$/,
    'outages',
    'Hours of work per incident',
    'How long engineers work on an outage that nothing absorbs.',
  ],
  [
    /^outages\.error_rate$/,
    'outages',
    'Attempts that fail outside outages',
    'Which share of attempts fails on any day.',
    'share',
  ],
  [
    /^outages\.billed_share$/,
    'outages',
    'Failed attempts that are billed',
    'Which share of failed attempts is paid for all the same.',
    'share',
  ],
  [
    /^outages\.gateway_pooled_downtime$/,
    'outages',
    'Downtime of gateways without a record',
    'Which share of the time such a gateway is down.',
    'share',
  ],
  [/^value\.per_request$/, 'value', 'Worth of an answered request', 'What is lost when a request gets no answer.'],
  [
    /^value\.latency\.churn_per_100ms$/,
    'value',
    'Users lost per 100 ms',
    'Which share of the worth is lost for each 100 ms of delay.',
    'share',
  ],
  [/^value\.sla_miss$/, 'value', 'Cost of a late answer', 'What each answer costs that comes later than promised.'],
  [/^value\.quality$/, 'value', 'Worth of a perfect answer', 'What an answer of quality 1 is worth over one of 0.'],
  [
    /^value\.early_access\.new_models$/,
    'value',
    'New models that matter a year',
    'How many new models the product would use.',
  ],
  [
    /^value\.early_access\.lag_(\w+)$/,
    'value',
    'Until a new model is usable ($1)',
    'How long it takes until a new model can be used this way.',
  ],
  [/^value\.early_access\.per_day$/, 'value', 'Worth of a day of earlier use', 'What a day with a new model is worth.'],
  [
    /^gateways\.(.+)\.fees\.token_markup$/,
    'gateways',
    'Markup on tokens ($1)',
    'What $1 adds to the sellers’ prices.',
    'share',
  ],
  [
    /^gateways\.(.+)\.fees\.credit_purchase\.(?:.+\.)?fee$/,
    'gateways',
    'Fee on buying credit ($1)',
    'What $1 keeps of each purchase of credit.',
    'share',
  ],
  [
    /^gateways\.(.+)\.fees\.byok\.fee$/,
    'gateways',
    'Fee on own keys ($1)',
    'What $1 charges for requests on one’s own keys.',
    'share',
  ],
  [/^gateways\.(.+)\.fees\.per_request$/, 'gateways', 'Fee per request ($1)', 'What $1 charges for each request.'],
  [/^gateways\.(.+)\.fees\.per_model$/, 'gateways', 'Fee per model ($1)', 'What $1 charges for each model in use.'],
  [
    /^gateways\.(.+)\.serving\.downtime$/,
    'outages',
    'Downtime of the machines ($1)',
    'Which share of the time one’s own machines answer nothing.',
    'share',
  ],
  [/^gateways\.(.+)\.downtime$/, 'outages', 'Downtime of $1', 'Which share of the time $1 itself is down.', 'share'],
  [/^gateways\.(.+)\.hop_latency$/, 'gateways', 'Delay added by $1', 'How much longer an answer takes through $1.'],
  [
    /^gateways\.(.+)\.self_hosting\.cpu_per_request$/,
    'gateways',
    'Processor time of a request ($1)',
    'How much work a request is for one’s own gateway.',
  ],
  [
    /^gateways\.(.+)\.self_hosting\.target_utilisation$/,
    'gateways',
    'How full servers may be ($1)',
    'Up to which load one’s own servers are planned.',
    'share',
  ],
  [
    /^gateways\.(.+)\.self_hosting\.replica$/,
    'gateways',
    'Rent of a server ($1)',
    'What one server of one’s own gateway costs a month.',
  ],
  [
    /^gateways\.(.+)\.self_hosting\.data_stores$/,
    'gateways',
    'Database, cache and logs ($1)',
    'What one’s own gateway needs beside servers.',
  ],
  [
    /^gateways\.(.+)\.self_hosting\.setup$/,
    'engineering',
    'Hours to set up $1',
    'How long it takes to set one’s own gateway up.',
  ],
  [
    /^gateways\.(.+)\.self_hosting\.upkeep$/,
    'engineering',
    'Upkeep of $1',
    'How long upgrades and on-call take each month.',
  ],
  [/^gateways\.(.+)\.serving\.machine\.price$/, 'gateways', 'Price of a machine ($1)', 'What one costs to buy.'],
  [/^gateways\.(.+)\.serving\.machine\.life$/, 'gateways', 'Life of a machine ($1)', 'How long one is used.'],
  [/^gateways\.(.+)\.serving\.machine\.rent$/, 'gateways', 'Rent of a machine ($1)', 'What one costs a month.'],
  [
    /^gateways\.(.+)\.machine\.power\.draw$/,
    'gateways',
    'Draw of a machine ($1)',
    'How many watts one draws, day and night.',
  ],
  [/^gateways\.(.+)\.machine\.power\.price$/, 'gateways', 'Price of power ($1)', 'What a kilowatt-hour costs.'],
  [
    /^gateways\.(.+)\.serving\.time_per_request$/,
    'gateways',
    'Machine time of a request ($1)',
    'How long a request keeps one machine busy.',
  ],
  [/^gateways\.(.+)\.throughput\.input$/, 'gateways', 'Tokens read a second ($1)', 'How fast a machine reads prompts.'],
  [/^gateways\.(.+)\.throughput\.output$/, 'gateways', 'Tokens written a second ($1)', 'How fast a machine answers.'],
  [
    /^gateways\.(.+)\.serving\.utilisation$/,
    'gateways',
    'How busy machines may be ($1)',
    'Up to which share of its time a machine is planned to work.',
    'share',
  ],
  [/^gateways\.(.+)\.serving\.setup$/, 'engineering', 'Hours to set machines up ($1)', 'How long until they answer.'],
  [
    /^gateways\.(.+)\.serving\.care$/,
    'engineering',
    'Care of a machine ($1)',
    'How long updates and repairs take each month.',
  ],
  [/^gateways\.(.+?)\.(.+)$/, 'gateways', '$1: $2', 'A figure of the gateway’s price list.'],
  [/^inputs\.(.+)$/, 'value', '$1', 'A named input that other figures are computed from.'],
  [
    /^needs\.(\w+)\.absence$/,
    'capabilities',
    'Cost of doing without: $1',
    'What is lost each month where nobody builds it.',
  ],
  [/^needs\.(\w+)$/, 'capabilities', '$1', 'On: every strategy has to have it, and builds it where nobody brings it.'],
];

export function inputWords(path: string): InputWords {
  for (const [pattern, group, label, plain, isShare] of RULES) {
    const found = pattern.exec(path);
    if (found === null) continue;
    const fill = (text: string): string => text.replaceAll(/\$(\d)/g, (_, i: string) => named(found[Number(i)] ?? ''));
    return { group, label: fill(label), plain: fill(plain), isShare: isShare === 'share' };
  }
  return { group: 'value', label: path, plain: 'A figure that a line of costs reads.' };
}

const named = (part: string): string =>
  Object.hasOwn(CAPABILITIES, part)
    ? CAPABILITIES[part as Capability]
    : isCalendarMonth(part)
      ? capitalised(part)
      : part.replaceAll('_', ' ');

/** The label alone. */
export const inputLabel = (path: string): string => inputWords(path).label;

/** As it stands within a sentence, where a label of several words has to be told from what is said of it. */
export const quotedLabel = (path: string): string => `\u201c${inputLabel(path)}\u201d`;
