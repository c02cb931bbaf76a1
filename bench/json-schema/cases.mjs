// The schemas and instances that both sides get. Made by rule, so that every run has the same bytes.
const id = (n) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const clone = (value) => JSON.parse(JSON.stringify(value));
const change = (value, edit) => { const copy = clone(value); edit(copy); return copy; };

const flat = {
  schema: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 100 }, email: { type: 'string', maxLength: 200 }, age: { type: 'integer', minimum: 0, maximum: 150 },
      city: { type: 'string' }, country: { enum: ['DE', 'FR', 'IT', 'ES', 'PT'] }, score: { type: 'number', minimum: 0, maximum: 1 },
      active: { type: 'boolean' }, note: { type: ['string', 'null'] },
    },
    required: ['name', 'email', 'age', 'country', 'active'],
    additionalProperties: false,
  },
};
const person = { name: 'Ada Lovelace', email: 'ada@example.com', age: 36, city: 'London', country: 'FR', score: 0.97, active: true, note: null };
flat.valid = [person, { ...person, name: 'Jörg Müller', note: 'a customer since 2001, prefers "paper" invoices' }];
flat.invalid = [{ ...person, age: -1 }, { ...person, extra: 1 }, change(person, (p) => { delete p.active; })];

const money = { $ref: '#/$defs/money' };
const address = { $ref: '#/$defs/address' };
const invoice = {
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      id: { type: 'string', minLength: 1 }, issued: { type: 'string', minLength: 10, maxLength: 10 }, currency: { enum: ['EUR', 'USD', 'GBP', 'CHF'] },
      seller: { $ref: '#/$defs/party' }, buyer: { $ref: '#/$defs/party' },
      lines: {
        type: 'array', minItems: 1, maxItems: 1000,
        items: {
          type: 'object',
          properties: { text: { type: 'string', minLength: 1 }, quantity: { type: 'integer', minimum: 1 }, price: money, tax: { type: 'object', properties: { rate: { type: 'number', minimum: 0, maximum: 100 }, amount: money }, required: ['rate', 'amount'], additionalProperties: false } },
          required: ['text', 'quantity', 'price'], additionalProperties: false,
        },
      },
      total: money, paid: { type: 'boolean' }, notes: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    },
    required: ['id', 'issued', 'currency', 'seller', 'buyer', 'lines', 'total'],
    additionalProperties: false,
    $defs: {
      money: { type: 'number', minimum: 0, exclusiveMaximum: 1e9 },
      address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' }, zip: { type: 'string', maxLength: 10 }, country: { type: 'string', minLength: 2, maxLength: 2 } }, required: ['street', 'city', 'country'], additionalProperties: false },
      party: { type: 'object', properties: { name: { type: 'string', minLength: 1 }, vat: { type: ['string', 'null'] }, address }, required: ['name', 'address'], additionalProperties: false },
    },
  },
};
const party = (name) => ({ name, vat: 'DE123456789', address: { street: 'Hauptstraße 5', city: 'Köln', zip: '50667', country: 'DE' } });
const bill = {
  id: 'INV-2030-0042', issued: '2030-01-31', currency: 'EUR', seller: party('Muster GmbH'), buyer: party('Example Ltd'),
  lines: Array.from({ length: 8 }, (_, i) => ({ text: `Position ${i + 1}: consulting and other services`, quantity: i + 1, price: 19.99 + i * 100, tax: { rate: 19, amount: 3.8 * (i + 1) } })),
  total: 4711.42, paid: false, notes: ['payable within 30 days', 'thank you', 'no discount'],
};
invoice.valid = [bill];
invoice.invalid = [change(bill, (b) => { b.lines[7].price = 'free'; }), change(bill, (b) => { b.seller.address.extra = true; }), change(bill, (b) => { b.notes.push('thank you'); })];

const list = {
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'string', minLength: 36, maxLength: 36 }, name: { type: 'string' }, price: { type: 'number', minimum: 0 }, stock: { type: 'integer', minimum: 0 }, tags: { type: 'array', items: { type: 'string' }, maxItems: 10 }, size: { type: 'object', properties: { w: { type: 'number' }, h: { type: 'number' } }, required: ['w', 'h'] } },
      required: ['id', 'name', 'price', 'stock'],
      additionalProperties: false,
    },
  },
};
const products = Array.from({ length: 100 }, (_, i) => ({ id: id(i), name: `Product number ${i}`, price: i * 1.25, stock: i * 3, tags: ['new', 'blue', `t${i}`], size: { w: i, h: i / 2 } }));
list.valid = [products];
list.invalid = [change(products, (p) => { p[99].stock = -1; }), change(products, (p) => { p[50].unknown = 1; })];

const constant = (value) => ({ const: value });
const union = {
  schema: {
    type: 'array',
    items: {
      oneOf: [
        { type: 'object', properties: { type: constant('text'), text: { type: 'string' } }, required: ['type', 'text'], additionalProperties: false },
        { type: 'object', properties: { type: constant('image'), url: { type: 'string' }, width: { type: 'integer' }, height: { type: 'integer' } }, required: ['type', 'url'], additionalProperties: false },
        { type: 'object', properties: { type: constant('tool_use'), id: { type: 'string' }, name: { type: 'string' }, input: { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }, { type: 'array', items: { type: 'string' } }] } } }, required: ['type', 'id', 'name', 'input'], additionalProperties: false },
        { type: 'object', properties: { type: constant('tool_result'), id: { type: 'string' }, content: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } }, required: ['type', 'id', 'content'], additionalProperties: false },
      ],
    },
  },
};
const blocks = Array.from({ length: 20 }, (_, i) => [
  { type: 'text', text: `Let me look at that for you, step ${i}.` },
  { type: 'image', url: `https://example.com/${i}.png`, width: 640, height: 480 },
  { type: 'tool_use', id: `call_${i}`, name: 'search', input: { query: 'weather in Köln', limit: 10, exact: false, fields: ['a', 'b'], page: null } },
  { type: 'tool_result', id: `call_${i}`, content: ['sunny', '21 degrees'] },
][i % 4]);
union.valid = [blocks];
union.invalid = [change(blocks, (b) => { b[18].input.query = {}; }), change(blocks, (b) => { b[19].type = 'other'; })];

const patterns = {
  schema: {
    type: 'object',
    properties: {
      sku: { type: 'string', pattern: '^[A-Z]{3}-\\d{4,6}$' }, date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, email: { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$' },
      phone: { type: 'string', pattern: '^\\+?[0-9 ()-]{6,20}$' }, color: { type: 'string', pattern: '^#([0-9a-f]{3}|[0-9a-f]{6})$' }, slug: { type: 'string', pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$' }, text: { type: 'string', pattern: 'order|invoice|receipt' },
    },
    patternProperties: { '^x-': { type: 'string' } },
    required: ['sku', 'date'],
    additionalProperties: false,
  },
};
const item = { sku: 'ABC-12345', date: '2030-01-31', email: 'someone@example.com', phone: '+49 (221) 123456', color: '#a0b1c2', slug: 'a-fine-product-name', text: 'please find the invoice attached to this message', 'x-origin': 'import' };
patterns.valid = [item];
patterns.invalid = [{ ...item, sku: 'ABC-12' }, { ...item, slug: 'Not-A-Slug' }, { ...item, y: 1 }];

const composed = {
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    allOf: [{ $ref: '#/$defs/base' }, { if: { properties: { kind: constant('company') } }, then: { properties: { vat: { type: 'string' } }, required: ['vat'] }, else: { properties: { born: { type: 'integer' } } } }],
    properties: { name: { type: 'string' }, tags: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'string' }], items: { type: 'integer' }, contains: { type: 'integer' } } },
    required: ['name'],
    dependentRequired: { street: ['city'] },
    unevaluatedProperties: false,
    $defs: { base: { type: 'object', properties: { kind: { enum: ['person', 'company'] }, street: { type: 'string' }, city: { type: 'string' } }, required: ['kind'] } },
  },
};
const company = { kind: 'company', name: 'Muster GmbH', vat: 'DE123456789', street: 'Hauptstraße 5', city: 'Köln', tags: ['a', 'b', 1, 2, 3] };
composed.valid = [company, { kind: 'person', name: 'Ada', born: 1815, tags: ['x', 'y', 7] }];
composed.invalid = [{ ...company, other: 1 }, change(company, (c) => { delete c.city; }), { kind: 'person', name: 'Ada', vat: 'x' }];

export const cases = { flat, invoice, list, union, patterns, composed };
