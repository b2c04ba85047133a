import { describe, expect, it } from 'vitest';
import { fragmentOf, isState, settingsIn } from '../../src/page/link-state.ts';
import type { Driver } from '../../src/whatif/what-if.ts';

const driver = (path: string): Driver => ({
  path,
  label: `Label of ${path}`,
  group: 'prices',
  unit: '1',
  kind: 'number',
  central: 1,
  least: 0,
  most: 10,
  lowest: 0,
  highest: 100,
  scale: 'linear',
  source: 'test',
  plain: 'A test.',
  settable: true,
});
const DRIVERS = [driver('engineering.loaded_rate'), driver('prices["a/b&c=d"].input'), driver('__proto__')];

describe('settings in a link', () => {
  it('come back as they were, to the last digit', () => {
    const settings = { 'engineering.loaded_rate': 0.1 + 0.2, 'prices["a/b&c=d"].input': 1 / 3 };
    expect(settingsIn(fragmentOf(settings), DRIVERS)).toEqual({ settings, dropped: [] });
  });

  it('are none where nothing is changed, and a place on the page is no state', () => {
    expect(fragmentOf({})).toBe('');
    expect([isState('#line-items'), isState('#a=1')]).toEqual([false, true]);
  });

  it('may lie beyond the range of a slider', () => {
    expect(settingsIn('#engineering.loaded_rate=11', DRIVERS).settings).toEqual({ 'engineering.loaded_rate': 11 });
  });

  it('leave out the central value', () => {
    expect(settingsIn('#engineering.loaded_rate=1', DRIVERS).settings).toEqual({});
  });

  it.each([
    ['#nothing.like.it=3', '"nothing.like.it" is nothing that can be changed here.'],
    ['#engineering.loaded_rate=lots', 'Label of engineering.loaded_rate": the link gives no number'],
    ['#engineering.loaded_rate=', 'the link gives no number'],
    ['#engineering.loaded_rate=1e999', 'the link gives no number'],
    ['#engineering.loaded_rate=101', 'is not between 0 and 100'],
    ['#%E0%A4%A=1', 'is nothing that can be changed here'],
    [`#${'a=1&'.repeat(6000)}`, 'too long'],
  ])('drop what is wrong and say so: %s', (fragment, words) => {
    const { settings, dropped } = settingsIn(fragment, DRIVERS);
    expect(settings).toEqual({});
    expect(dropped.join(' ')).toContain(words);
  });

  it('never reach a prototype', () => {
    settingsIn('#__proto__=5', DRIVERS);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(settingsIn('#__proto__=5', DRIVERS).settings)).toBe(Object.prototype);
  });
});
