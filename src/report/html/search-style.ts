/** The look of what a script adds for finding one's way: search and order of lists, all folds at once. Nothing of it on paper. */

export const SEARCH_STYLE = `
.line-search :is(input,select){font:inherit;font-size:.92rem;padding:3px 6px;max-width:100%;color:var(--ink);background:var(--card);
border:1px solid var(--muted);border-radius:4px}
.line-search :is(input,select):focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.line-search[hidden],.item[hidden],#line-item-list>details[hidden],#verdicts tr[hidden],.statement[hidden]{display:none}
.unfold{font:inherit;padding:0;color:var(--accent);background:none;border:0;text-decoration:underline;cursor:pointer}
@media print{.line-search,.unfold{display:none}}
`;
