// Vercel's AI SDK over an OpenAI-compatible provider: text, streams, an agent's loop with a tool, an object.
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const provider = createOpenAICompatible({ name: 'gateway', baseURL: process.argv[2] + '/v1', apiKey: 'test', includeUsage: true, supportsStructuredOutputs: true });
const model = provider('m');

const { text, usage } = await generateText({ model, prompt: 'Hi', maxRetries: 0 });
assert.equal(text, 'Hello, world');
assert.equal(usage.inputTokens, 12);

const stream = streamText({ model, prompt: 'Hi', maxRetries: 0 });
let streamed = '';
for await (const delta of stream.textStream) streamed += delta;
assert.equal(streamed, 'Hello, world');
assert.equal((await stream.usage).outputTokens, 5);

const cities = [];
const weather = tool({ description: 'Weather', inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => { cities.push(city); return 'sunny'; } });
const loop = await generateText({ model, prompt: 'Hi', tools: { weather }, stopWhen: stepCountIs(3), maxRetries: 0 });
assert.equal(loop.text, 'Hello, world');
assert.deepEqual(cities.sort(), ['Oslo', 'Rome']);

const { object } = await generateObject({ model, prompt: 'Hi', schema: z.object({ city: z.string() }), maxRetries: 0 });
assert.deepEqual(object, { city: 'Oslo' });
console.log('ok');
