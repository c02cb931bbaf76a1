// Google's own client through the gateway: text, streams, tools, structured output, token counts, models, embeddings, errors.
import assert from 'node:assert/strict';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type } from '@google/genai';
import { bad, gateway, good, isSimulated, key, rejects } from './setup.mjs';

const ai = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });
const contents = 'Hi';
const declarations = [{ name: 'weather', description: 'Weather', parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] } }];
const tools = [{ functionDeclarations: declarations }];
const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of await stream) chunks.push(chunk);
  return chunks;
};

const text = await ai.models.generateContent({ model: good, contents });
assert.equal(text.candidates[0].finishReason, 'STOP');
assert.ok(text.usageMetadata.promptTokenCount > 0 && text.usageMetadata.candidatesTokenCount > 0);
if (!isSimulated) {
  assert.equal(text.text, 'Hello, world');
  assert.equal(text.usageMetadata.promptTokenCount, 12);
  assert.equal(text.usageMetadata.cachedContentTokenCount, 4);
}

const chunks = await collect(ai.models.generateContentStream({ model: good, contents }));
assert.equal(chunks.map((chunk) => chunk.text ?? '').join(''), text.text);
assert.equal(chunks.at(-1).candidates[0].finishReason, 'STOP');
assert.equal(chunks.at(-1).usageMetadata.candidatesTokenCount, text.usageMetadata.candidatesTokenCount);

const config = { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } };
for (const streams of [false, true]) {
  const reply = streams ? await collect(ai.models.generateContentStream({ model: good, contents, config })) : [await ai.models.generateContent({ model: good, contents, config })];
  const calls = reply.flatMap((chunk) => chunk.functionCalls ?? []);
  assert.ok(calls.length > 0 && calls.every((c) => c.name === 'weather' && typeof c.args.city === 'string'));
  if (!isSimulated) assert.deepEqual(calls.map((c) => c.args.city), ['Oslo', 'Rome']);
  const parts = reply.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const answer = await ai.models.generateContent({
    model: good, config: { tools },
    contents: [
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts },
      { role: 'user', parts: calls.map((c) => ({ functionResponse: { id: c.id, name: c.name, response: { output: 'sunny' } } })) },
    ],
  });
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  if (!isSimulated) assert.equal(answer.text, 'Hello, world');
}

const typed = { responseMimeType: 'application/json', responseJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } };
const typedOld = { responseMimeType: 'application/json', responseSchema: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] } };

// Where the vendor has no schemas, the gateway holds the answer to it.
for (const [model, config] of [[good, typed], [good, typedOld], ...(isSimulated ? [] : [[`${bad}/by-tool/ok`, typed]])]) {
  const whole = JSON.parse((await ai.models.generateContent({ model, contents, config })).text);
  assert.equal(typeof whole.city, 'string');
  const streamed = JSON.parse((await collect(ai.models.generateContentStream({ model, contents, config }))).map((chunk) => chunk.text ?? '').join(''));
  assert.deepEqual(streamed, whole);
  if (!isSimulated && model === good) assert.deepEqual(whole, { city: 'Oslo' });
}

assert.ok((await ai.models.countTokens({ model: good, contents })).totalTokens > 0);
const names = [];
for await (const model of await ai.models.list({ config: { pageSize: 2 } })) names.push(model.name);
assert.ok(names.includes('models/simulated') && names.includes('models/pair') && new Set(names).size === names.length);
assert.equal((await ai.models.get({ model: 'pair' })).name, 'models/pair');

const ask = (model, more) => ai.models.generateContent({ model, contents, ...more });
await rejects(new GoogleGenAI({ apiKey: 'sk-lg-wrong', httpOptions: { baseUrl: gateway } }).models.generateContent({ model: good, contents }), ApiError, (e) => e.status === 401);
await rejects(ask('nothing-of-the-kind'), ApiError, (e) => e.status === 404);
if (isSimulated) await rejects(ask(good, { config: { maxOutputTokens: -1 } }), ApiError, (e) => e.status === 400);
if (!isSimulated) {
  for (const stream of [false, true]) {
    const asking = (model) => (stream ? collect(ai.models.generateContentStream({ model, contents })) : ask(model));
    await rejects(asking(`${bad}/rate-limited-2s`), ApiError, (e) => e.status === 429);
    await rejects(asking(`${bad}/bad-request`), ApiError, (e) => e.status === 400);
  }

  let part = '';
  for (const fault of ['cut-after-12', 'error-event-late-after-12']) {
    await rejects((async () => { for await (const chunk of await ai.models.generateContentStream({ model: `${bad}/${fault}`, contents })) part += chunk.text ?? ''; })(), Error, () => part.length >= 12);
  }

  await rejects(ask(`${bad}/cut`), Error);
}
console.log('ok');
