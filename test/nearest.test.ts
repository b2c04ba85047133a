import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../src/nearest.ts';

const names = ['openrouter', 'portkey', 'litellm', 'requesty', 'vercel'];

describe('the nearest names', () => {
  it.each([
    ['openrouteur', 'openrouter'],
    ['OpenRouter', 'openrouter'],
    ['litelm', 'litellm'],
    ['port', 'portkey'],
  ])('to %s begin with %s', (wrong, right) => {
    expect(nearest(wrong, names)[0]).toBe(right);
  });

  it('are none where nothing is near', () => {
    expect(nearest('qqqqqqqqqq', names)).toEqual([]);
    expect(didYouMean('qqqqqqqqqq', names)).toBe('');
  });

  it('come in the same order whatever the order of the candidates, each once', () => {
    const candidates = ['aab', 'aac', 'aad', 'aab'];
    expect(nearest('aaa', candidates)).toEqual(['aab', 'aac', 'aad']);
    expect(nearest('aaa', [...candidates].reverse())).toEqual(['aab', 'aac', 'aad']);
  });

  it('are offered in words', () => {
    expect(didYouMean('litelm', names, 1)).toBe(' (did you mean "litellm"?)');
  });
});
