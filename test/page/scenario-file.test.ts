import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioFile } from '../../src/page/scenario-file.ts';
import { yamlText } from '../../src/page/yaml-text.ts';

describe('a scenario as a file', () => {
  it('reads back to what was written', () => {
    const written = {
      name: 'a: "b" # c',
      'key with: colon': [1, 2.5, -3, 1e-7, 1e21, true, null],
      nested: { list: [{ id: 'x', empty: {}, none: [] }, [1, [2, { deep: 'y' }]]], yes: 'no' },
      text: 'two\nlines\u2028and \u202e marks',
    };
    expect(parse(yamlText(written))).toEqual(written);
  });

  it('reads back whatever JSON holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(JSON.stringify(parse(yamlText(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('puts flags in as --set does, and keeps the rest', () => {
    const scenario = {
      engineering: { loaded_rate: { value: '85 USD/hour', source: 'us' }, hours: 3 },
      strategies: [{ id: 'direct' }, { id: 'gateway', fees: { token_markup: '5 %' } }],
    };
    const text = scenarioFile(
      scenario,
      ['--set', "engineering.loaded_rate='150 USD/h'", '--set', 'strategies.gateway.fees.token_markup=0.04'],
      'scenarios/x.yaml\nname: evil',
    );
    expect(parse(text)).toEqual({
      engineering: { loaded_rate: '150 USD/h', hours: 3 },
      strategies: [{ id: 'direct' }, { id: 'gateway', fees: { token_markup: 0.04 } }],
    });
    expect(text.split('\n')[0]).toBe("# scenarios/x.yaml name: evil, with 2 places changed on the report's page.");
  });
});
