import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  escapeHtml,
  html,
  linkedText,
  markdownLinkedText,
  markdownText,
  plainText,
  raw,
} from '../../src/report/escape.ts';
import { HOSTILE } from './fixture.ts';

describe('html', () => {
  test('escapes values in text and in attributes', () => {
    expect(html`<p title="${HOSTILE.attribute}">${HOSTILE.script}</p>`.markup).toBe(
      '<p title="&quot; onmouseover=&quot;alert(3)">&lt;script&gt;alert(1)&lt;/script&gt;</p>',
    );
  });

  test('does not let text close an element or a quote', () => {
    expect(html`<style>${HOSTILE.closing}</style>`.markup).not.toContain('</script>');
    expect(escapeHtml(`'"<>&`)).toBe('&#39;&quot;&lt;&gt;&amp;');
  });

  test('takes its own markup as it is, joins lists, leaves nothing out but nothing', () => {
    expect(html`<ul>${['a', '<'].map((x) => html`<li>${x}</li>`)}</ul>${false}${null}${undefined}${0}`.markup).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>0',
    );
    expect(html`${raw('<b>')}`.markup).toBe('<b>');
  });

  test('no text whatever brings a tag or a quote into markup', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(html`${text}`.markup)));
  });
});

describe('invisible characters', () => {
  test('a right-to-left override, an escape and a zero-width space are shown', () => {
    expect(plainText('a\u202eb\u001b[31mc\u200bd')).toBe('a⟨U+202E⟩b⟨U+001B⟩[31mc⟨U+200B⟩d');
  });

  test('line breaks become spaces, other scripts and emoji stay', () => {
    expect(plainText('two\r\nlines\tmodèle 模型 😀')).toBe('two lines modèle 模型 😀');
  });
});

describe('links', () => {
  test('only web addresses become links, and only what stands between backticks code', () => {
    expect(linkedText('see https://example.com/a?b=1&c="x, 2026').markup).toBe(
      'see <a href="https://example.com/a?b=1&amp;c=" rel="noopener noreferrer">https://example.com/a?b=1&amp;c=</a>&quot;x, 2026',
    );
    expect(linkedText('set `a: <b>`, see https://x.org/ or ` alone').markup).toBe(
      'set <code>a: &lt;b&gt;</code>, see <a href="https://x.org/" rel="noopener noreferrer">https://x.org/</a> or ` alone',
    );
    for (const text of ['javascript:alert(1)', 'data:text/html,x', HOSTILE.link])
      expect(linkedText(text).markup).not.toContain('<a');
  });
});

describe('Markdown', () => {
  test.each([
    [HOSTILE.script, '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [HOSTILE.pipes, '\\| pipes \\| and \\*stars\\* \\|'],
    [HOSTILE.backticks, '\\`rm -rf\\` \\`\\`\\`'],
    [HOSTILE.link, '\\[click\\](javascript:alert(4))'],
    ['# title', '\\# title'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['a\nb', 'a b'],
    ['snake_case', 'snake\\_case'],
  ])('%j is %j', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  test('keeps a web address usable and escapes around it', () => {
    expect(markdownLinkedText('https://a.example/b_c (2026) | x')).toBe('<https://a.example/b_c> (2026) \\| x');
    expect(markdownLinkedText('a | https://a.example/b|c')).toBe('a \\| <https://a.example/b>\\|c');
  });
});
