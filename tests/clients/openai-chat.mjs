// OpenAI's own client, Chat Completions: text, streams, tools, structured output, errors.
import assert from 'node:assert/strict';
import OpenAI, { RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const client = new OpenAI({ baseURL: process.argv[2] + '/v1', apiKey: 'test', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hi' }];
const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];

const text = await client.chat.completions.create({ model: 'm', messages });
assert.equal(text.choices[0].message.content, 'Hello, world');
assert.equal(text.choices[0].finish_reason, 'stop');
assert.equal(text.usage.prompt_tokens, 12);
assert.equal(text.usage.prompt_tokens_details.cached_tokens, 4);

const stream = client.chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } });
let streamed = '';
stream.on('content', (delta) => (streamed += delta));
const final = await stream.finalChatCompletion();
assert.equal(streamed, 'Hello, world');
assert.equal(final.choices[0].message.content, 'Hello, world');
assert.equal(final.usage.completion_tokens, 5);

for (const streams of [false, true]) {
  const call = streams
    ? await client.chat.completions.stream({ model: 'm', messages, tools }).finalChatCompletion()
    : await client.chat.completions.create({ model: 'm', messages, tools });
  const calls = call.choices[0].message.tool_calls;
  assert.deepEqual(calls.map((c) => [c.id, c.function.name, c.function.arguments]), [['call_1', 'weather', '{"city": "Oslo"}'], ['call_2', 'weather', '{"city": "Rome"}']]);
  assert.equal(call.choices[0].finish_reason, 'tool_calls');
  const results = calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: 'sunny' }));
  const answer = await client.chat.completions.create({ model: 'm', tools, messages: [...messages, call.choices[0].message, ...results] });
  assert.equal(answer.choices[0].message.content, 'Hello, world');
}

const typed = await client.chat.completions.parse({ model: 'm', messages, response_format: zodResponseFormat(z.object({ city: z.string() }), 'place') });
assert.deepEqual(typed.choices[0].message.parsed, { city: 'Oslo' });

await assert.rejects(client.chat.completions.create({ model: 'rate-limited', messages }), (e) => e instanceof RateLimitError && e.status === 429 && e.code === 'rate_limit_exceeded');
await assert.rejects(async () => { for await (const _ of await client.chat.completions.create({ model: 'fails-midway', messages, stream: true })); }, /overloaded|Too much/i);
console.log('ok');
