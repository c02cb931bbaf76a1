// Anthropic's own client: text, streams, tools, thinking, errors, token counts.
import assert from 'node:assert/strict';
import Anthropic, { RateLimitError } from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: process.argv[2], apiKey: 'test', maxRetries: 0 });
const request = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
const tools = [{ name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];

const text = await client.messages.create(request);
assert.equal(text.content[0].text, 'Hello, world');
assert.equal(text.stop_reason, 'end_turn');
assert.equal(text.usage.input_tokens, 8);
assert.equal(text.usage.cache_read_input_tokens, 4);

const stream = client.messages.stream(request);
let streamed = '';
stream.on('text', (delta) => (streamed += delta));
const final = await stream.finalMessage();
assert.equal(streamed, 'Hello, world');
assert.equal(final.usage.output_tokens, 5);
assert.equal(final.usage.cache_read_input_tokens, 4);

for (const streams of [false, true]) {
  const reply = streams ? await client.messages.stream({ ...request, tools }).finalMessage() : await client.messages.create({ ...request, tools });
  const calls = reply.content.filter((block) => block.type === 'tool_use');
  assert.deepEqual(calls.map((c) => [c.id, c.name, c.input]), [['call_1', 'weather', { city: 'Oslo' }], ['call_2', 'weather', { city: 'Rome' }]]);
  assert.equal(reply.stop_reason, 'tool_use');
  const answer = await client.messages.create({
    ...request, tools,
    messages: [...request.messages, { role: 'assistant', content: reply.content }, { role: 'user', content: calls.map((c) => ({ type: 'tool_result', tool_use_id: c.id, content: 'sunny' })) }],
  });
  assert.equal(answer.content[0].text, 'Hello, world');
}

for (const streams of [false, true]) {
  const thought = streams ? await client.messages.stream({ ...request, model: 'thinks' }).finalMessage() : await client.messages.create({ ...request, model: 'thinks' });
  assert.deepEqual(thought.content.slice(0, 2), [{ type: 'thinking', thinking: 'Hm.', signature: 'SIG==' }, { type: 'redacted_thinking', data: 'ENCR' }]);
  const next = await client.messages.create({ ...request, model: 'wants-thinking', messages: [...request.messages, { role: 'assistant', content: thought.content }, { role: 'user', content: 'And?' }] });
  assert.equal(next.content[0].text, 'SIG== ENCR');
}

const count = await client.messages.countTokens({ model: 'm', messages: request.messages });
assert.equal(count.input_tokens, 12);
await assert.rejects(client.messages.create({ ...request, model: 'rate-limited' }), (e) => e instanceof RateLimitError);
await assert.rejects(client.messages.stream({ ...request, model: 'fails-midway' }).finalMessage(), /overloaded|Too much/i);
console.log('ok');
