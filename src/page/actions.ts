/** The buttons that carry settings off the page: as a link, as `--set` flags, as a scenario's file; and the reset. */
/// <reference lib="dom" />
import type { LiveReport } from '../report/html/what-if.ts';
import { setFlags } from '../whatif/set-flags.ts';
import type { Settings } from '../whatif/what-if.ts';
import { copyText, download } from './copy-text.ts';
import { element, say } from './element.ts';
import { fragmentOf } from './link-state.ts';
import { scenarioFile } from './scenario-file.ts';

export interface Actions {
  readonly node: HTMLElement;
  show(settings: Settings): void;
  tell(text: string): void;
}

export function actions(live: LiveReport, settings: () => Settings, onReset: () => void): Actions {
  const told = element('p', { class: 'told', role: 'status' });
  const fallback = element('textarea', { readonly: true, rows: 3, hidden: true, 'aria-label': 'Text to copy' });
  const button = (words: string, action: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button' }, words);
    made.addEventListener('click', action);
    return made;
  };
  const copy = async (text: string, done: string): Promise<void> => {
    const copied = await copyText(text);
    fallback.hidden = copied;
    fallback.value = text;
    if (!copied) fallback.select();
    say(told, copied ? done : 'The browser does not let this page copy: the text stands below.');
  };
  const link = button('Copy link', () => {
    const address = `${location.href.split('#')[0]}${fragmentOf(settings())}`;
    void copy(address, 'The link is copied. It opens this report file with these values.');
  });
  const flags = button('Copy as --set flags', () => {
    const words = setFlags(live.what_if, settings());
    void copy(
      words.map(shellWord).join(' '),
      `Copied: ${words.length / 2} of ${Object.keys(settings()).length} changes as flags of tollgate run.${unsettable()}`,
    );
  });
  const file = button('Download scenario.yaml', () => {
    const words = setFlags(live.what_if, settings());
    download('scenario.yaml', scenarioFile(live.scenario, words, live.file), 'application/yaml');
    say(
      told,
      `scenario.yaml holds the scenario with ${words.length / 2} of ${Object.keys(settings()).length} changes put in.${unsettable()}`,
    );
  });
  const reset = button('Reset all', () => {
    onReset();
    say(told, 'All values are the report’s own again.');
  });
  const unsettable = (): string => {
    const left = live.what_if.drivers.filter(({ path, settable }) => !settable && Object.hasOwn(settings(), path));
    return left.length === 0
      ? ''
      : ` Not in it, since a scenario has no single place for it: ${left.map(({ label }) => label).join(', ')}.`;
  };
  return {
    node: element('div', { class: 'actions' }, link, flags, file, reset, told, fallback),
    show(now) {
      const none = Object.keys(now).length === 0;
      flags.disabled = none;
      reset.disabled = none;
      fallback.hidden = true;
    },
    tell: (text) => say(told, text),
  };
}

const shellWord = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
