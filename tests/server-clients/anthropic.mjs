// Anthropic's own client through the gateway: text, streams, tools, structured output, token counts, models, errors.
import assert from 'node:assert/strict';
import Anthropic, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from '@anthropic-ai/sdk';
import { bad, gateway, good, isSimulated, key, rejects } from './setup.mjs';

const client = new Anthropic({ baseURL: gateway, apiKey: key, maxRetries: 0 });
const request = { model: good, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
const tools = [{ name: 'weather', description: 'Weather', input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }];

const { data: text, response } = await client.messages.create(request).withResponse();
assert.equal(text.stop_reason, 'end_turn');
assert.ok(text.usage.input_tokens > 0 && text.usage.output_tokens > 0);
assert.ok(response.headers.get('request-id'));
if (!isSimulated) {
  assert.equal(text.content[0].text, 'Hello, world');
  assert.equal(text.usage.input_tokens, 8);
  assert.equal(text.usage.cache_read_input_tokens, 4);
}

const stream = client.messages.stream(request);
let streamed = '';
stream.on('text', (delta) => (streamed += delta));
const final = await stream.finalMessage();
assert.equal(streamed, text.content[0].text);
assert.equal(final.stop_reason, 'end_turn');
assert.equal(final.usage.output_tokens, text.usage.output_tokens);
assert.equal(final.usage.input_tokens, text.usage.input_tokens);

for (const streams of [false, true]) {
  const asking = { ...request, tools, tool_choice: { type: 'any' } };
  const reply = streams ? await client.messages.stream(asking).finalMessage() : await client.messages.create(asking);
  const calls = reply.content.filter((block) => block.type === 'tool_use');
  assert.equal(reply.stop_reason, 'tool_use');
  assert.ok(calls.length > 0 && calls.every((c) => c.id && c.name === 'weather' && typeof c.input.city === 'string'));
  if (!isSimulated) assert.deepEqual(calls.map((c) => c.input.city), ['Oslo', 'Rome']);
  const answer = await client.messages.create({
    ...request, tools,
    messages: [...request.messages, { role: 'assistant', content: reply.content }, { role: 'user', content: calls.map((c) => ({ type: 'tool_result', tool_use_id: c.id, content: 'sunny' })) }],
  });
  assert.equal(answer.stop_reason, 'end_turn');
  if (!isSimulated) assert.equal(answer.content[0].text, 'Hello, world');
}

const output_config = { format: { type: 'json_schema', schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } } };
// Where the vendor has no schemas, the gateway holds the answer to it.
for (const [model, streams] of [good, ...(isSimulated ? [] : [`${bad}/by-tool/ok`])].flatMap((model) => [[model, false], [model, true]])) {
  const asking = { ...request, model, output_config };
  const typed = streams ? await client.messages.stream(asking).finalMessage() : await client.messages.create(asking);
  assert.equal(typed.stop_reason, 'end_turn');
  const value = JSON.parse(typed.content.find((block) => block.type === 'text').text);
  assert.equal(typeof value.city, 'string');
  if (!isSimulated && model === good) assert.deepEqual(value, { city: 'Oslo' });
}

assert.ok((await client.messages.countTokens({ model: good, messages: request.messages })).input_tokens > 0);
const ids = [];
for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
assert.ok(ids.includes('simulated') && ids.includes('pair') && new Set(ids).size === ids.length);
assert.equal((await client.models.retrieve('pair')).type, 'model');

const ask = (model, more) => client.messages.create({ ...request, model, ...more });
await rejects(new Anthropic({ baseURL: gateway, apiKey: 'sk-lg-wrong', maxRetries: 0 }).messages.create(request), AuthenticationError, (e) => e.status === 401 && e.error?.error?.type === 'authentication_error');
await rejects(ask('nothing-of-the-kind'), NotFoundError, (e) => e.status === 404 && e.error?.error?.type === 'not_found_error');
await rejects(ask(good, { messages: [{ role: 'user', content: 5 }] }), BadRequestError, (e) => e.status === 400 && e.error?.error?.type === 'invalid_request_error');
if (!isSimulated) {
  for (const stream of [false, true]) {
    await rejects(ask(`${bad}/rate-limited-2s`, { stream }), RateLimitError, (e) => e.status === 429 && e.headers.get('retry-after') === '2' && e.error?.error?.type === 'rate_limit_error');
    await rejects(ask(`${bad}/bad-request`, { stream }), BadRequestError, (e) => e.status === 400);
  }

  let part = '';
  await rejects((async () => { for await (const event of await ask(`${bad}/cut-after-12`, { stream: true })) part += event.delta?.text ?? ''; })(), Error, () => part.length >= 12);
  await rejects(client.messages.stream({ ...request, model: `${bad}/cut-after-12` }).finalMessage(), Error);
  await rejects(client.messages.stream({ ...request, model: `${bad}/error-event-late-after-12` }).finalMessage(), Error, (e) => /overload/i.test(e.message));
  await rejects(ask(`${bad}/cut`), Error);
}
console.log('ok');
