// Runs both sides in turns within one run and prints a table: node bench/json-schema/run.mjs PATH-TO-LlmGateway.JsonSchemaBench.dll
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './cases.mjs';

const rounds = Number(process.env.ROUNDS ?? 9);
const milliseconds = Number(process.env.MILLISECONDS ?? 300);
const file = join(mkdtempSync(join(tmpdir(), 'json-schema-bench-')), 'cases.json');
const text = (values) => values.map((value) => JSON.stringify(value));
writeFileSync(file, JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, c]) => [name, { schema: c.schema, valid: text(c.valid), invalid: text(c.invalid) }]))));

function side(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line) { child.stdin.write(line + '\n'); return (await lines.next()).value; },
    end() { child.stdin.end(); },
  };
}

const ours = side('dotnet', ['exec', process.argv[2], file]);
const ajv = side('node', [join(dirname(fileURLToPath(import.meta.url)), 'ajv.mjs'), file]);
const [a, b] = [await ours.ask('verdicts'), await ajv.ask('verdicts')];
const expected = JSON.stringify(Object.values(cases).map((c) => [...c.valid.map(() => true), ...c.invalid.map(() => false)]));
if (a !== b || a !== expected) throw new Error(`The verdicts differ:\nours     ${a}\najv      ${b}\nexpected ${expected}`);

const median = (numbers) => [...numbers].sort((x, y) => x - y)[numbers.length >> 1];
const rows = [];
for (const name of Object.keys(cases).filter((n) => !process.env.ONLY || process.env.ONLY === n)) {
  for (const kind of ['valid', 'invalid']) {
    const times = { ours: [], ajv: [], bytes: 0 };
    for (let round = -3; round < rounds; round++) {
      const [nanoseconds, bytes] = (await ours.ask(`run ${name} ${kind} ${milliseconds}`)).split(' ').map(Number);
      const other = Number(await ajv.ask(`run ${name} ${kind} ${milliseconds}`));
      if (round < 0) continue; // Both compilers have had their time by then.
      times.ours.push(nanoseconds);
      times.ajv.push(other);
      times.bytes = bytes;
    }
    const ratios = times.ours.map((t, i) => t / times.ajv[i]);
    const size = Math.round(cases[name][kind].reduce((sum, v) => sum + Buffer.byteLength(JSON.stringify(v)), 0) / cases[name][kind].length);
    rows.push({ name, kind, size, ours: median(times.ours), ajv: median(times.ajv), ratio: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios), bytes: times.bytes });
  }
}
ours.end();
ajv.end();

const us = (ns) => (ns / 1000).toFixed(2);
console.log('| case | instances | bytes | ours, µs | ajv, µs | ours/ajv, median | lowest–highest | allocated by ours |');
console.log('|---|---|--:|--:|--:|--:|--:|--:|');
for (const r of rows) console.log(`| ${r.name} | ${r.kind} | ${r.size} | ${us(r.ours)} | ${us(r.ajv)} | ${r.ratio.toFixed(2)} | ${r.low.toFixed(2)}–${r.high.toFixed(2)} | ${r.bytes.toFixed(0)} B |`);
