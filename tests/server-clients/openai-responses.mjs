// OpenAI's own client, Responses, through the gateway: text, streams, tools, structured output, errors.
import assert from 'node:assert/strict';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { bad, gateway, good, isSimulated, key, rejects } from './setup.mjs';

const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
const tools = [{ type: 'function', name: 'weather', description: 'Weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }, strict: false }];

const text = await client.responses.create({ model: good, input: 'Hi', instructions: 'Be brief.' });
assert.equal(text.status, 'completed');
assert.ok(text.usage.input_tokens > 0 && text.usage.output_tokens > 0);
if (!isSimulated) {
  assert.equal(text.output_text, 'Hello, world');
  assert.equal(text.usage.input_tokens, 12);
  assert.equal(text.usage.input_tokens_details.cached_tokens, 4);
}

const stream = client.responses.stream({ model: good, input: 'Hi', instructions: 'Be brief.' });
let streamed = '';
stream.on('response.output_text.delta', (event) => (streamed += event.delta));
const final = await stream.finalResponse();
assert.equal(streamed, text.output_text);
assert.equal(final.output_text, streamed);
assert.equal(final.usage.output_tokens, text.usage.output_tokens);

for (const streams of [false, true]) {
  const request = { model: good, input: 'Hi', tools, tool_choice: 'required' };
  const reply = streams ? await client.responses.stream(request).finalResponse() : await client.responses.create(request);
  const calls = reply.output.filter((item) => item.type === 'function_call');
  assert.ok(calls.length > 0 && calls.every((c) => c.call_id && c.name === 'weather' && typeof JSON.parse(c.arguments).city === 'string'));
  if (!isSimulated) assert.deepEqual(calls.map((c) => JSON.parse(c.arguments).city), ['Oslo', 'Rome']);
  const answer = await client.responses.create({
    model: good, tools,
    input: [{ role: 'user', content: 'Hi' }, ...reply.output, ...calls.map((c) => ({ type: 'function_call_output', call_id: c.call_id, output: 'sunny' }))],
  });
  assert.equal(answer.status, 'completed');
  if (!isSimulated) assert.equal(answer.output_text, 'Hello, world');
}

const format = zodTextFormat(z.object({ city: z.string() }), 'place');
const typed = await client.responses.parse({ model: good, input: 'Hi', text: { format } });
assert.equal(typeof typed.output_parsed.city, 'string');
const typedStream = await client.responses.stream({ model: good, input: 'Hi', text: { format } }).finalResponse();
assert.deepEqual(typedStream.output_parsed, typed.output_parsed);
if (!isSimulated) {
  assert.deepEqual(typed.output_parsed, { city: 'Oslo' });

  // Where the vendor has no schemas, the gateway holds the answer to it.
  const held = await client.responses.parse({ model: `${bad}/by-tool/ok`, input: 'Hi', text: { format } });
  assert.equal(typeof held.output_parsed.city, 'string');
  const heldStream = await client.responses.stream({ model: `${bad}/by-tool/ok`, input: 'Hi', text: { format } }).finalResponse();
  assert.deepEqual(heldStream.output_parsed, held.output_parsed);
}

const ask = (model, more) => client.responses.create({ model, input: 'Hi', ...more });
await rejects(new OpenAI({ baseURL: `${gateway}/v1`, apiKey: 'sk-lg-wrong', maxRetries: 0 }).responses.create({ model: good, input: 'Hi' }), AuthenticationError, (e) => e.status === 401);
await rejects(ask('nothing-of-the-kind'), NotFoundError, (e) => e.status === 404);
await rejects(ask(good, { input: 5 }), BadRequestError, (e) => e.status === 400);
if (!isSimulated) {
  const cut = await ask(`${good.split('/')[0]}/too-long`);
  assert.equal(cut.status, 'incomplete');
  assert.equal(cut.incomplete_details.reason, 'max_output_tokens');
  for (const stream of [false, true]) {
    await rejects(ask(`${bad}/rate-limited-2s`, { stream }), RateLimitError, (e) => e.status === 429 && e.headers.get('retry-after') === '2');
    await rejects(ask(`${bad}/bad-request`, { stream }), BadRequestError, (e) => e.status === 400);
  }

  // A stream that breaks is a terminal event of failure or an exception, and never completed.
  for (const fault of ['cut-after-12', 'error-event-late-after-12']) {
    let last;
    await rejects((async () => {
      for await (const event of await ask(`${bad}/${fault}`, { stream: true })) last = event.type;
      assert.notEqual(last, 'response.completed', 'Looks whole');
      throw new Error(last);
    })(), Error, (e) => last !== 'response.completed' && /response.failed|error|overload|terminated|closed|cut|end/i.test(e.message));
  }
}
console.log('ok');
