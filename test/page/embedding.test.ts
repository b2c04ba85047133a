import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPageBundle } from '../../src/io/page-bundle.ts';
import { liveScripts, scriptJson } from '../../src/report/html/what-if.ts';

const bundle = { page: 'go()', page_hash: 'sha256-x' };

describe('what a page carries', () => {
  it('is JSON that no markup can end and that reads back', () => {
    const value = { a: '</script><!-- <script> ]]> & \u2028\u2029', b: [1e-9, null] };
    const text = scriptJson(value);
    expect(text).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(text)).toEqual(value);
  });

  it('is never a script that would end itself', () => {
    const live = { what_if: {}, horizon_months: 1, unpriced: [], file: '', scenario: {} } as never;
    expect(liveScripts({ bundle, live }).markup).toContain('<script>go()</script>');
    for (const page of ['"</script>"', '"<!--"', '"<SCRIPT"'])
      expect(() => liveScripts({ bundle: { ...bundle, page }, live })).toThrow('markup');
  });

  it('is read as built, with the hash of its bytes; nothing where nothing is built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    expect(await readPageBundle(folder)).toBeUndefined();
    writeFileSync(join(folder, 'page.js'), 'page("\u00e9")');
    expect(await readPageBundle(folder)).toEqual({
      page: 'page("\u00e9")',
      page_hash: `sha256-${createHash('sha256').update('page("\u00e9")').digest('base64')}`,
    });
  });
});
