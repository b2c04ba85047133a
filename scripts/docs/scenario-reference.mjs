/**
 * The reference of every field of a scenario, as Markdown, from the JSON Schema that editors use. Takes the schema with its
 * definitions apart, gives the text of docs/scenario-reference.md. What stands in several places is told where it stands first;
 * the other places point there. It knows no field by name.
 */

/** @typedef {Record<string, any>} Schema */
/** @typedef {{path: string, takes: string, fallback: string, meaning: string}} Row */
/** @typedef {{title: string, says: string, rows: Row[]}} Part */

/** Objects of so many fields stand in a table of their own. */
const OWN_TABLE = 25;

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const code = (/** @type {string} */ text) => `\`${text.replaceAll('|', '\\|')}\``;

class Reference {
  /** @param {Schema} schema */
  constructor(schema) {
    this.definitions = schema.$defs ?? {};
    /** @type {Map<string, string>} where a definition is told */
    this.told = new Map();
  }

  /**
   * The schema with its references put in: words and default of the outermost win.
   * @param {Schema} schema
   * @returns {{schema: Schema, names: string[]}}
   */
  resolve(schema) {
    const names = [];
    let at = schema;
    let merged = { ...schema };
    while (at.$ref !== undefined) {
      const name = at.$ref.slice('#/$defs/'.length);
      names.push(name);
      at = this.definitions[name];
      merged = { ...at, ...merged };
      delete merged.$ref;
      if (at.$ref !== undefined) merged.$ref = at.$ref;
    }
    delete merged.$ref;
    return { schema: merged, names };
  }

  /** @param {Schema} schema */
  isAmount(schema) {
    const { anyOf } = schema;
    if (anyOf?.length !== 3) return false;
    const [number, text, object] = anyOf.map((/** @type {Schema} */ one) => this.resolve(one).schema);
    return (
      number.type === 'number' && text.type === 'string' && object.type === 'object' && object.properties === undefined
    );
  }

  /**
   * What a value may be, in words.
   * @param {Schema} given
   * @returns {string}
   */
  takes(given) {
    const { schema } = this.resolve(given);
    if (this.isAmount(schema)) return 'amount';
    if (schema.enum !== undefined) return schema.enum.map((/** @type {unknown} */ one) => code(String(one))).join(', ');
    if (schema.const !== undefined) return code(String(schema.const));
    if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
      const all = (schema.anyOf ?? schema.oneOf).map((/** @type {Schema} */ one) => this.takes(one));
      return [...new Set(all)].join(' or ');
    }
    if (Array.isArray(schema.type)) return schema.type.join(' or ');
    if (schema.type === 'array') {
      const of = schema.items && schema.items !== true ? ` of ${this.takes(schema.items)}` : '';
      return `list${of}`;
    }
    if (schema.type === 'integer') return `whole number${bounds(schema)}`;
    if (schema.type === 'number') return `number${bounds(schema)}`;
    if (schema.type === 'string') return 'text';
    if (schema.type === 'boolean') return '`true`, `false`';
    if (schema.properties !== undefined) return 'fields';
    if (schema.additionalProperties !== undefined) return 'fields by name';
    return 'anything';
  }

  /**
   * Rows of a value and of all below it.
   * @param {string} path
   * @param {Schema} given
   * @param {boolean} required
   * @param {Part[]} parts parts that became tables of their own
   * @param {readonly string[]} above definitions that this one stands in
   * @returns {Row[]}
   */
  rows(path, given, required, parts, above = []) {
    const { schema, names } = this.resolve(given);
    const own = {
      path,
      takes: this.takes(given),
      fallback: required ? 'required' : schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
      meaning: schema.description ?? '',
    };
    if (own.fallback === '`{}`') own.fallback = '';
    const name = names.at(-1);
    const hasParts = this.hasParts(schema);
    if (!hasParts) return [own];
    if (name !== undefined && (above.includes(name) || this.told.has(name)))
      return [
        {
          ...own,
          meaning: [own.meaning, `Fields as of ${code(this.told.get(name) ?? path)}`].filter(Boolean).join('. '),
        },
      ];
    if (name !== undefined) this.told.set(name, path);
    const below = this.below(path, schema, parts, name === undefined ? above : [...above, name]);
    if (below.length <= OWN_TABLE || !path.includes('.')) return [own, ...below];
    parts.push({ title: path, says: schema.description ?? '', rows: below });
    return [{ ...own, meaning: [own.meaning, 'See the table below'].filter(Boolean).join('. ') }];
  }

  /** @param {Schema} schema @returns {boolean} */
  hasParts(schema) {
    if (this.isAmount(schema)) return false;
    if (schema.properties !== undefined) return true;
    if (schema.type === 'array') return this.hasParts(this.resolve(schema.items ?? {}).schema);
    if (schema.anyOf !== undefined || schema.oneOf !== undefined)
      return (schema.anyOf ?? schema.oneOf).some((/** @type {Schema} */ one) =>
        this.hasParts(this.resolve(one).schema),
      );
    return typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0;
  }

  /**
   * @param {string} path
   * @param {Schema} schema
   * @param {Part[]} parts
   * @param {readonly string[]} above
   * @returns {Row[]}
   */
  below(path, schema, parts, above) {
    if (schema.type === 'array') return this.inner(`${path}[]`, schema.items ?? {}, parts, above);
    if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
      /** @type {Set<string>} */
      const seen = new Set();
      return (schema.anyOf ?? schema.oneOf).flatMap((/** @type {Schema} */ one) => {
        const { schema: choice } = this.resolve(one);
        if (!this.hasParts(choice)) return [];
        const kind = kindOf(choice);
        return this.inner(kind === undefined ? path : `${path}(${kind})`, one, parts, above).filter((row) => {
          const key = `${row.path} ${row.takes} ${row.meaning}`;
          return !seen.has(key) && seen.add(key);
        });
      });
    }
    if (schema.properties !== undefined) {
      const required = new Set(schema.required ?? []);
      return Object.entries(schema.properties).flatMap(([key, one]) =>
        one.const !== undefined
          ? []
          : this.rows(path === '' ? key : `${path}.${key}`, one, required.has(key), parts, above),
      );
    }
    return this.rows(`${path}.<name>`, schema.additionalProperties, false, parts, above);
  }

  /**
   * What stands inside a value that has no name of its own.
   * @param {string} path
   * @param {Schema} given
   * @param {Part[]} parts
   * @param {readonly string[]} above
   * @returns {Row[]}
   */
  inner(path, given, parts, above) {
    const { schema, names } = this.resolve(given);
    const name = names.at(-1);
    if (!this.hasParts(schema)) return [];
    if (name !== undefined && (above.includes(name) || this.told.has(name)))
      return [
        { path, takes: this.takes(given), fallback: '', meaning: `Fields as of ${code(this.told.get(name) ?? path)}` },
      ];
    if (name !== undefined) this.told.set(name, path);
    return this.below(path, schema, parts, name === undefined ? above : [...above, name]);
  }
}

/** @param {Schema} schema */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const known = (/** @type {number | undefined} */ n) => n !== undefined && Math.abs(n) < Number.MAX_SAFE_INTEGER;
  const low = known(minimum) ? `from ${minimum}` : known(exclusiveMinimum) ? `above ${exclusiveMinimum}` : '';
  const high = known(maximum) ? `to ${maximum}` : known(exclusiveMaximum) ? `below ${exclusiveMaximum}` : '';
  return low || high ? ` ${[low, high].filter(Boolean).join(' ')}` : '';
}

/** `kind: direct` of one of several shapes. @param {Schema} schema */
function kindOf(schema) {
  const found = Object.entries(schema.properties ?? {}).find(([, one]) => one.const !== undefined);
  return found === undefined ? undefined : `${found[0]}: ${found[1].const}`;
}

/** Several shapes of one field are one row; a field that only holds others and says nothing itself is none. */
const merged = (/** @type {readonly Row[]} */ rows) => {
  /** @type {Row[]} */
  const all = [];
  for (const row of rows) {
    const before = all.findIndex(({ path }) => path === row.path);
    if (before >= 0 && row.meaning.startsWith('Fields as of')) {
      const { meaning } = all[before];
      all[before] = {
        ...all[before],
        meaning: [meaning, row.meaning.replace('Fields', 'Or fields')].filter(Boolean).join('. '),
      };
    } else if (row.path.endsWith('.<name>') && row.fallback === '' && row.meaning === '') {
      // What stands above it says what the names and their values are.
    } else if (row.takes.includes('fields') === false || row.fallback !== '' || row.meaning !== '') all.push(row);
  }
  return all;
};

const table = (/** @type {readonly Row[]} */ rows) => [
  '| Field | Takes | Default | Meaning |',
  '| --- | --- | --- | --- |',
  ...merged(rows).map(
    ({ path, takes, fallback, meaning }) => `| ${code(path)} | ${takes} | ${fallback} | ${cell(meaning)} |`,
  ),
];

/**
 * @param {Schema} schema JSON Schema of a scenario
 * @returns {string}
 */
export function scenarioReference(schema) {
  const reference = new Reference(schema);
  const required = new Set(schema.required ?? []);
  /** @type {Row[]} */
  const plain = [];
  const sections = Object.entries(schema.properties)
    .filter(([key]) => key !== '$schema')
    .flatMap(([key, one]) => {
      /** @type {Part[]} */
      const parts = [];
      const rows = reference.rows(key, one, required.has(key), parts);
      if (rows.length === 1 && parts.length === 0) {
        plain.push(rows[0]);
        return [];
      }
      return [
        [`## ${key}`, '', ...table(rows), ''],
        ...parts.map((part) => [
          `### ${part.title}`,
          '',
          ...(part.says ? [`${cell(part.says)}.`, ''] : []),
          ...table(part.rows),
          '',
        ]),
      ].flat();
    });
  return [
    '# Every field of a scenario',
    '',
    'Made from the contract that also checks scenarios and gives editors their help (`npm run docs`); not edited by hand.',
    '',
    'An **amount** is a number (`3`), a quantity with its unit (`120 USD/hour`, `3 days`), a 90 % interval (`2 to 5 USD`, `10 % to',
    '30 %`), a formula over `inputs` (`"= salary / hours"`), or an object with its provenance: `{value: 70 to 120 USD/hour, source: …,',
    'as_of: 2026-11-01}`, `{dist: pert, min: 1, mode: 2, max: 5}`. The unit that a field is kept in stands in brackets; `1` is a share or',
    'a plain number. `[]` is a member of a list, `<name>` any name, `(kind: …)` one of several shapes. What stands in several places is',
    'told once.',
    '',
    '## The scenario itself',
    '',
    ...table(plain),
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
