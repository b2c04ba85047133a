/**
 * What is probed: the seller itself, this router, nginx and Portkey, each before a seller of its own. A target starts a
 * gateway when a probe first needs it and knows how its clients must ask, and, of this router, what its log and metrics say.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nginxVersion, startNginx } from '../gateways/nginx.mjs';
import { portkeyHeaders, portkeyTarget, portkeyVersion, startPortkey } from '../gateways/portkey.mjs';
import { startRouter } from '../gateways/router.mjs';
import { ask } from './client.mjs';
import { COOLDOWN_MS, configOf, setupOf, writePrices } from './router-setups.mjs';
import { startSeller } from './seller.mjs';
import { until } from './verdict.mjs';

const NGINX_IDLE_MS = 2500;
const PORTKEY_TIMEOUT_MS = 5000;

/** Name -> how it is reached; `does` are the policies that can be set up there. */
const KINDS = {
  direct: {
    version: () => undefined,
    does: [],
    start: ({ seller }) => ({ url: seller.url, headers: {}, stop: () => {} }),
    setupOf: () => 'direct',
  },
  router: {
    version: () => undefined,
    does: ['fallback', 'retries', 'timeouts', 'weights', 'breaker', 'budget', 'costs'],
    isOurs: true,
    reads: true,
    start: ({ seller, probes, prices }, probe) =>
      startRouter({ upstream_url: seller.url, config: configOf(probe, probes, seller.url), prices }),
    setupOf,
  },
  nginx: {
    version: nginxVersion,
    does: ['timeouts'],
    start: ({ seller }) => startNginx({ upstream_url: seller.url, idle_ms: NGINX_IDLE_MS }),
    setupOf: () => 'nginx',
  },
  portkey: {
    version: portkeyVersion,
    does: ['fallback', 'retries', 'timeouts', 'weights'],
    reads: true,
    start: ({ seller }) => startPortkey({ upstream_url: seller.url }),
    setupOf: () => 'portkey',
    headersOf: ({ seller }, probe) => portkeyHeaders(seller.url, portkeyConfig(seller.url, probe)),
  },
};

export const TARGETS = Object.keys(KINDS);

function portkeyConfig(url, { id, policy }) {
  const both = ['first', 'spare'].map((end) => portkeyTarget(url, { override_params: { model: `${id}-${end}` } }));
  switch (policy) {
    case 'fallback':
      return { strategy: { mode: 'fallback' }, targets: both };
    case 'weights':
      return { strategy: { mode: 'loadbalance' }, targets: both.map((target) => ({ ...target, weight: 0 })) };
    case 'retries':
      return portkeyTarget(url, {
        retry: { attempts: 2, ...(id.startsWith('retry-after') ? { use_retry_after_header: true } : {}) },
      });
    case 'timeouts':
      return portkeyTarget(url, { request_timeout: PORTKEY_TIMEOUT_MS });
    default:
      return undefined;
  }
}

/** Gives a target, or `{ missing }` with the reason why it can't be had. */
export async function openTarget(name, probes) {
  const kind = KINDS[name];
  const seller = await startSeller(Object.assign({}, ...probes.map(({ models }) => models)));
  const elsewhere = await startSeller({});
  const prices = kind.isOurs ? writePrices(probes) : undefined;
  const setting = { seller, probes, prices: prices?.dir };
  const started = new Map();
  const beside = new Map();

  const reach = async (probe) => {
    const setup = kind.setupOf(probe);
    if (!started.has(setup)) {
      const starting = Promise.resolve(kind.start(setting, probe));
      // Told to whoever waits for it; the closing of all is not to fail with it.
      starting.catch(() => {});
      started.set(setup, starting);
    }
    const gateway = await started.get(setup);
    return { ...gateway, headers: kind.headersOf?.(setting, probe) ?? gateway.headers ?? {} };
  };
  const running = async () =>
    (await Promise.allSettled(started.values())).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const stop = async () => {
    for (const gateway of await running()) await gateway.stop?.();
    await Promise.all([seller.stop(), elsewhere.stop()]);
    prices?.remove();
  };

  const { missing } = await reach(probes.find(({ policy }) => policy !== 'weights')).catch(async (error) => {
    // A peer that does not start can't be had; this router has to.
    if (!kind.isOurs) return { missing: error.message };
    await stop();
    throw error;
  });
  if (missing !== undefined) {
    await stop();
    return { name, missing };
  }
  const metrics = async () => (await Promise.all((await running()).map(metricsOf))).flat();
  const metric = async (family, labels) =>
    (await metrics())
      .filter((one) => one.name === family && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  const rows = async () => (await running()).flatMap(rowsOf);

  return {
    name,
    version: kind.version(),
    does: kind.does,
    isOurs: kind.isOurs === true,
    isGateway: name !== 'direct',
    reads: kind.reads === true || name === 'direct',
    stop,
    /** So that no probe's clock runs while a process starts; what can't start is for the probe to tell. */
    start: (probe) => reach(probe).catch(() => {}),
    /** The target as one probe sees it. */
    of: (probe) => ({
      seller,
      elsewhere,
      cooldown_ms: COOLDOWN_MS,
      reach: () => reach(probe),
      ask: async (body, { headers, ...options } = {}) => {
        const gateway = await reach(probe);
        return ask(gateway.url, body, { ...options, headers: { ...gateway.headers, ...headers } });
      },
      /** Whether the seller saw its connection closed. */
      closed: (model) => until(() => seller.of(model).brokenOff > 0, 2500),
      /** Rows of the log on what clients asked for by this name, waited for; undefined: there is no log to read. */
      log: async (model, count = 1) => {
        if (!kind.isOurs) return undefined;
        const of = async () => (await rows()).filter((row) => row.model_asked === model);
        await until(async () => (await of()).length >= count);
        return of();
      },
      metric,
      /** Calls that the probe made at the seller without the gateway. */
      askedBeside: (model, count) => beside.set(model, count),
    }),
    /** Models of a probe whose calls at the seller, rows in the log and attempts in the metrics are not as many. */
    disagreements: async (probe) => {
      if (!kind.isOurs) return [];
      const found = async () => {
        const [all, counters] = [await rows(), await metrics()];
        return Object.keys(probe.models).flatMap((model) => {
          const calls = seller.of(model).calls.length - (beside.get(model) ?? 0);
          const logged = all.filter(({ route, billing }) => route === model && billing !== 'not_sent').length;
          const counted = counters
            .filter(({ name, labels }) => name === 'tollgate_attempts_total' && labels.route === model)
            .reduce((sum, { value }) => sum + value, 0);
          if (calls === logged && calls === counted) return [];
          return [`${model}: ${calls} calls at the seller, ${logged} in the log, ${counted} in the metrics`];
        });
      };
      await until(async () => (await found()).length === 0, 2500);
      return found();
    },
  };
}

function rowsOf({ folder }) {
  const dir = path.join(folder, 'log');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(path.join(dir, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line));
}

async function metricsOf({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null) return [];
    const labels = Object.fromEntries(
      [...(found[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    return [{ name: found[1], labels, value: Number(found[3]) }];
  });
}
