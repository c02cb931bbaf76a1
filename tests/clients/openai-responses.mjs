// OpenAI's own client, Responses: text, streams, tools, structured output, reasoning.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const client = new OpenAI({ baseURL: process.argv[2] + '/v1', apiKey: 'test', maxRetries: 0 });
const tools = [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } }, strict: false }];

const text = await client.responses.create({ model: 'm', input: 'Hi', instructions: 'Be brief.' });
assert.equal(text.output_text, 'Hello, world');
assert.equal(text.status, 'completed');
assert.equal(text.usage.input_tokens, 12);
assert.equal(text.usage.input_tokens_details.cached_tokens, 4);

const stream = client.responses.stream({ model: 'm', input: 'Hi' });
let streamed = '';
stream.on('response.output_text.delta', (event) => (streamed += event.delta));
const final = await stream.finalResponse();
assert.equal(streamed, 'Hello, world');
assert.equal(final.output_text, 'Hello, world');
assert.equal(final.usage.output_tokens, 5);

for (const streams of [false, true]) {
  const reply = streams ? await client.responses.stream({ model: 'm', input: 'Hi', tools }).finalResponse() : await client.responses.create({ model: 'm', input: 'Hi', tools });
  const calls = reply.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(calls.map((c) => [c.call_id, c.name, c.arguments]), [['call_1', 'weather', '{"city": "Oslo"}'], ['call_2', 'weather', '{"city": "Rome"}']]);
  const answer = await client.responses.create({
    model: 'm', tools,
    input: [{ role: 'user', content: 'Hi' }, ...reply.output, ...calls.map((c) => ({ type: 'function_call_output', call_id: c.call_id, output: 'sunny' }))],
  });
  assert.equal(answer.output_text, 'Hello, world');
}

const typed = await client.responses.parse({ model: 'm', input: 'Hi', text: { format: zodTextFormat(z.object({ city: z.string() }), 'place') } });
assert.deepEqual(typed.output_parsed, { city: 'Oslo' });

const cut = await client.responses.create({ model: 'too-long', input: 'Hi' });
assert.equal(cut.status, 'incomplete');
assert.equal(cut.incomplete_details.reason, 'max_output_tokens');
await assert.rejects(client.responses.create({ model: 'rate-limited', input: 'Hi' }), (e) => e.status === 429);
console.log('ok');
