// One side of the benchmark: commands on standard input, one answer a line. See run.mjs.
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ajv = new Ajv2020({ strict: false });
const compiled = Object.fromEntries(Object.entries(cases).map(([name, c]) => [name, {
  validate: ajv.compile(c.schema),
  valid: c.valid.map((text) => Buffer.from(text)),
  invalid: c.invalid.map((text) => Buffer.from(text)),
}]));
let sink = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const [command, name, kind, milliseconds] = line.split(' ');
  if (command === 'verdicts') {
    console.log(JSON.stringify(Object.values(compiled).map((c) => [...c.valid, ...c.invalid].map((bytes) => c.validate(JSON.parse(bytes.toString('utf8')))))));
    continue;
  }

  const { validate } = compiled[name];
  const texts = compiled[name][kind];
  const end = process.hrtime.bigint() + BigInt(milliseconds) * 1_000_000n;
  let count = 0;
  const start = process.hrtime.bigint();
  let now = start;
  while (now < end) {
    for (let i = 0; i < 20; i++) {
      for (const bytes of texts) if (validate(JSON.parse(bytes.toString('utf8')))) sink++;
    }
    count += 20 * texts.length;
    now = process.hrtime.bigint();
  }
  console.log(Number(now - start) / count);
}
if (sink < 0) console.log(sink);
