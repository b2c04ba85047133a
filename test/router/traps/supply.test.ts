/** The trap of the source tree: what is installed tomorrow is what was tested today, and little of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
interface Locked {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

describe('trap 27, dependency drift: exact versions, a lock file with hashes, few packages', () => {
  const trees: [string][] = [['.'], ['test/peers']];
  test.each(trees)('in %s every version is exact and locked', (tree) => {
    const { dependencies = {}, devDependencies = {} } = json(join(tree, 'package.json')) as Package;
    const direct = { ...dependencies, ...devDependencies };
    const { packages } = json(join(tree, 'package-lock.json')) as Locked;
    for (const [name, version] of Object.entries(direct)) {
      expect(version, name).toMatch(EXACT);
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
    const unhashed = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
    expect(unhashed.map(([path]) => path)).toEqual([]);
  });

  test('what the router serves with are four packages, which bring no others', () => {
    const folder = join(ROOT, 'src/router');
    const imported = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name as string),
    );
    const names = imported
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] as string);
    const direct = ['@hono/node-server', 'eventsource-parser', 'hono', 'undici'];
    expect([...new Set(names)].filter((name) => name !== 'zod').sort()).toEqual(direct);
    for (const name of direct) expect(json(`node_modules/${name}/package.json`).dependencies ?? {}, name).toEqual({});
  });

  test('what is installed here is what is locked', () => {
    const { packages } = json('package-lock.json') as Locked;
    for (const name of ['@hono/node-server', 'eventsource-parser', 'hono', 'undici', 'zod'])
      expect(json(`node_modules/${name}/package.json`).version).toBe(packages[`node_modules/${name}`]?.version);
  });
});
