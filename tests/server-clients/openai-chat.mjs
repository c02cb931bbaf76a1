// OpenAI's own client, Chat Completions, through the gateway: text, streams, tools, structured output, models, errors.
import assert from 'node:assert/strict';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { bad, gateway, good, isSimulated, key, rejects } from './setup.mjs';

const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hi' }];
const tools = [{ type: 'function', function: { name: 'weather', description: 'Weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } }];

const { data: text, response } = await client.chat.completions.create({ model: good, messages }).withResponse();
assert.equal(text.object, 'chat.completion');
assert.equal(text.choices[0].finish_reason, 'stop');
assert.ok(text.usage.prompt_tokens > 0 && text.usage.completion_tokens > 0);
assert.ok(response.headers.get('x-request-id'));
assert.equal(response.headers.get('x-llm-gateway-attempts'), '1');
if (!isSimulated) {
  assert.equal(text.choices[0].message.content, 'Hello, world');
  assert.equal(text.usage.prompt_tokens, 12);
  assert.equal(text.usage.prompt_tokens_details.cached_tokens, 4);
}

const stream = client.chat.completions.stream({ model: good, messages, stream_options: { include_usage: true } });
let streamed = '';
stream.on('content', (delta) => (streamed += delta));
const final = await stream.finalChatCompletion();
assert.equal(final.choices[0].message.content, streamed);
assert.equal(streamed, text.choices[0].message.content);
assert.equal(final.usage.completion_tokens, text.usage.completion_tokens);

for (const streams of [false, true]) {
  const call = streams
    ? await client.chat.completions.stream({ model: good, messages, tools, tool_choice: 'required' }).finalChatCompletion()
    : await client.chat.completions.create({ model: good, messages, tools, tool_choice: 'required' });
  const calls = call.choices[0].message.tool_calls;
  assert.equal(call.choices[0].finish_reason, 'tool_calls');
  assert.ok(calls.every((c) => c.id && c.function.name === 'weather' && typeof JSON.parse(c.function.arguments).city === 'string'));
  if (!isSimulated) assert.deepEqual(calls.map((c) => JSON.parse(c.function.arguments).city), ['Oslo', 'Rome']);
  const results = calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: 'sunny' }));
  const answer = await client.chat.completions.create({ model: good, tools, messages: [...messages, call.choices[0].message, ...results] });
  assert.equal(answer.choices[0].finish_reason, 'stop');
  if (!isSimulated) assert.equal(answer.choices[0].message.content, 'Hello, world');
}

const format = zodResponseFormat(z.object({ city: z.string() }), 'place');
const typed = await client.chat.completions.parse({ model: good, messages, response_format: format });
assert.equal(typeof typed.choices[0].message.parsed.city, 'string');
const typedStream = await client.chat.completions.stream({ model: good, messages, response_format: format }).finalChatCompletion();
assert.deepEqual(typedStream.choices[0].message.parsed, typed.choices[0].message.parsed);
if (!isSimulated) {
  assert.deepEqual(typed.choices[0].message.parsed, { city: 'Oslo' });

  // Where the vendor has no schemas, the gateway holds the answer to it.
  const held = await client.chat.completions.parse({ model: `${bad}/by-tool/ok`, messages, response_format: format });
  assert.equal(typeof held.choices[0].message.parsed.city, 'string');
  assert.equal(held.choices[0].finish_reason, 'stop');
  const heldStream = await client.chat.completions.stream({ model: `${bad}/by-tool/ok`, messages, response_format: format }).finalChatCompletion();
  assert.deepEqual(heldStream.choices[0].message.parsed, held.choices[0].message.parsed);
}

const models = (await client.models.list()).data.map((model) => model.id);
assert.ok(models.includes('simulated') && models.includes('pair'));
assert.equal((await client.models.retrieve('pair')).kind, 'route');

const ask = (model, more) => client.chat.completions.create({ model, messages, ...more });
await rejects(new OpenAI({ baseURL: `${gateway}/v1`, apiKey: 'sk-lg-wrong', maxRetries: 0 }).chat.completions.create({ model: good, messages }), AuthenticationError, (e) => e.status === 401);
await rejects(ask('nothing-of-the-kind'), NotFoundError, (e) => e.status === 404);
await rejects(ask(good, { messages: [{ role: 'user', content: 5 }] }), BadRequestError, (e) => e.status === 400);
await rejects(client.models.retrieve('nothing-of-the-kind'), NotFoundError, (e) => e.status === 404);
if (!isSimulated) {
  for (const stream of [false, true]) {
    await rejects(ask(`${bad}/rate-limited-2s`, { stream }), RateLimitError, (e) => e.status === 429 && e.headers.get('retry-after') === '2');
    await rejects(ask(`${bad}/bad-request`, { stream }), BadRequestError, (e) => e.status === 400 && e.message.length > 10);
  }

  let part = '';
  await rejects((async () => { for await (const chunk of await ask(`${bad}/cut-after-12`, { stream: true })) part += chunk.choices[0]?.delta?.content ?? ''; })(), Error, () => part.length >= 12);
  await rejects(client.chat.completions.stream({ model: `${bad}/error-event-late-after-12`, messages }).finalChatCompletion(), Error);
  await rejects(ask(`${bad}/cut`), Error);
}
console.log('ok');
