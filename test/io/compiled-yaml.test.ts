import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileYaml, contentHash, readCompiled, readYamlOnce } from '../../src/io/compiled-yaml.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'compiled-'));
  path = join(dir, 'a.yaml');
  await writeFile(path, '# note\nprice: 1\nmore: {deep: 2}\n');
});
afterEach(() => rm(dir, { recursive: true }));

test('a file whose text was compiled is not parsed again', async () => {
  const compiled = new Map([[contentHash('# note\nprice: 1\nmore: {deep: 2}\n'), { price: 'compiled' }]]);
  expect((await readYamlOnce(path, compiled)).value).toEqual({ price: 'compiled' });
});

test('an edited file is parsed as ever', async () => {
  const written = join(dir, 'price-book.json');
  await writeFile(written, await compileYaml([path]));
  await writeFile(path, 'price: 2\n');
  expect((await readYamlOnce(path, await readCompiled(written))).value).toEqual({ price: 2 });
});

test('what is compiled is what is parsed, lines included', async () => {
  const written = join(dir, 'price-book.json');
  await writeFile(written, await compileYaml([path]));
  const [compiled, parsed] = await Promise.all([
    readYamlOnce(path, await readCompiled(written)),
    readYamlOnce(path, new Map()),
  ]);
  expect(compiled.value).toEqual(parsed.value);
  expect(compiled.where(['more', 'deep'])).toBe(parsed.where(['more', 'deep']));
  expect(compiled.where(['more', 'deep'])).toBe(`${path}:3 more.deep`);
});

test('without a compiled file, or with a broken one, nothing is compiled', async () => {
  expect((await readCompiled(join(dir, 'none.json'))).size).toBe(0);
  await writeFile(join(dir, 'broken.json'), '{');
  expect((await readCompiled(join(dir, 'broken.json'))).size).toBe(0);
});
