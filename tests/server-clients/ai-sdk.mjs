// Vercel's AI SDK through the gateway, with its providers of OpenAI, Anthropic and Google: text, streams, an agent's loop, an object, errors.
import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { bad, gateway, good, isSimulated, key, rejects } from './setup.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;
const all = (apiKey) => {
  const openai = createOpenAI({ baseURL: `${gateway}/v1`, apiKey });
  return { chat: openai.chat, responses: openai.responses, anthropic: createAnthropic({ baseURL: `${gateway}/v1`, apiKey }), google: createGoogleGenerativeAI({ baseURL: `${gateway}/v1beta`, apiKey }) };
};
const city = z.object({ city: z.string() });

for (const [name, provider] of Object.entries(all(key))) {
  const [model, options] = [provider(good), { prompt: 'Hi', maxRetries: 0, onError: () => {} }];
  try {
    const { text, usage, finishReason } = await generateText({ model, ...options });
    assert.equal(finishReason, 'stop');
    assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
    if (!isSimulated) {
      assert.equal(text, 'Hello, world');
      assert.equal(usage.inputTokens, 12);
    }

    const stream = streamText({ model, ...options });
    let streamed = '';
    for await (const delta of stream.textStream) streamed += delta;
    assert.equal(streamed, text);
    assert.equal((await stream.usage).outputTokens, usage.outputTokens);

    for (const streams of [false, true]) {
      const cities = [];
      const weather = tool({ description: 'Weather', inputSchema: city, execute: async (input) => { cities.push(input.city); return 'sunny'; } });
      const asking = { model, ...options, tools: { weather }, stopWhen: stepCountIs(3), prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'auto' }) };
      const loop = streams ? streamText(asking) : await generateText(asking);
      assert.equal(await loop.finishReason, 'stop');
      assert.ok(cities.length > 0);
      if (!isSimulated) {
        assert.equal(await loop.text, 'Hello, world');
        assert.deepEqual(cities.sort(), ['Oslo', 'Rome']);
      }
    }

    // Of a model of Anthropic's that it does not know, the SDK asks for an object by a tool.
    const typed = name === 'anthropic' && !isSimulated ? provider(`${bad}/ok`) : model;
    for (const streams of [false, true]) {
      const asking = { ...options, model: typed, output: Output.object({ schema: city }) };
      const output = await (streams ? streamText(asking) : await generateText(asking)).output;
      assert.equal(typeof output.city, 'string');
      if (!isSimulated && typed === model) assert.deepEqual(output, { city: 'Oslo' });
    }

    await rejects(generateText({ ...options, model: all('sk-lg-wrong')[name](good) }), APICallError, (e) => e.statusCode === 401 && !e.isRetryable);
    await rejects(generateText({ ...options, model: provider('nothing-of-the-kind') }), APICallError, (e) => e.statusCode === 404);
    if (isSimulated) continue;
    await rejects(generateText({ ...options, model: provider(`${bad}/rate-limited-2s`) }), APICallError, (e) => e.statusCode === 429 && e.responseHeaders['retry-after'] === '2');
    await rejects(generateText({ ...options, model: provider(`${bad}/bad-request`) }), APICallError, (e) => e.statusCode === 400);
    for (const fault of ['cut-after-12', 'error-event-late-after-12']) {
      const errors = [];
      const broken = streamText({ ...options, model: provider(`${bad}/${fault}`), onError: ({ error }) => errors.push(error) });
      const parts = [];
      for await (const part of broken.fullStream) parts.push(part);
      assert.ok(errors.length > 0 || parts.some((part) => part.type === 'error') || ['error', 'unknown'].includes(parts.find((part) => part.type === 'finish')?.finishReason), `${fault} looks whole: ${JSON.stringify(parts)}`);
      assert.notEqual(parts.find((part) => part.type === 'finish')?.finishReason, 'stop');
    }
  } catch (e) {
    e.message = `${name}: ${e.message}`;
    throw e;
  }
}
console.log('ok');
