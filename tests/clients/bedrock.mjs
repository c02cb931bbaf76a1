// AWS's own client of Bedrock: text, streams, tools, thinking, errors. Its requests are signed, which the server does not check.
import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, ServiceUnavailableException, ThrottlingException } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const client = new BedrockRuntimeClient({
  endpoint: process.argv[2], region: 'us-east-1', maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test' },
  requestHandler: new NodeHttpHandler(), // The server speaks HTTP/1.1.
});
const request = { modelId: 'arn:aws:bedrock:us-east-1:111122223333:inference-profile/m', messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };
const tools = [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } } } }];
const converse = (input) => client.send(new ConverseCommand(input));

// A streamed reply, put together as the events' documentation says.
async function streamed(input) {
  const { stream } = await client.send(new ConverseStreamCommand(input));
  const content = [];
  const reply = { output: { message: { content } } };
  for await (const event of stream) {
    if (event.messageStart) reply.output.message.role = event.messageStart.role;
    const { contentBlockIndex: i, start, delta } = event.contentBlockStart ?? event.contentBlockDelta ?? {};
    if (start?.toolUse) content[i] = { toolUse: { ...start.toolUse, input: '' } };
    if (delta?.text !== undefined) (content[i] ??= { text: '' }).text += delta.text;
    if (delta?.toolUse) content[i].toolUse.input += delta.toolUse.input;
    if (delta?.reasoningContent) {
      const { text, signature, redactedContent } = delta.reasoningContent;
      content[i] ??= { reasoningContent: redactedContent ? { redactedContent } : { reasoningText: { text: '' } } };
      if (text) content[i].reasoningContent.reasoningText.text += text;
      if (signature) content[i].reasoningContent.reasoningText.signature = signature;
    }
    if (event.contentBlockStop) {
      const call = content[event.contentBlockStop.contentBlockIndex].toolUse;
      if (call) call.input = JSON.parse(call.input);
    }
    if (event.messageStop) reply.stopReason = event.messageStop.stopReason;
    if (event.metadata) reply.usage = event.metadata.usage;
  }
  return reply;
}

for (const ask of [converse, streamed]) {
  const text = await ask(request);
  assert.deepEqual(text.output.message, { role: 'assistant', content: [{ text: 'Hello, world' }] });
  assert.equal(text.stopReason, 'end_turn');
  assert.deepEqual(text.usage, { inputTokens: 8, outputTokens: 5, totalTokens: 17, cacheReadInputTokens: 4 });

  const called = await ask({ ...request, toolConfig: { tools } });
  const calls = called.output.message.content.map((block) => block.toolUse);
  assert.deepEqual(calls.map((c) => [c.toolUseId, c.name, c.input]), [['call_1', 'weather', { city: 'Oslo' }], ['call_2', 'weather', { city: 'Rome' }]]);
  assert.equal(called.stopReason, 'tool_use');
  const results = calls.map((c) => ({ toolResult: { toolUseId: c.toolUseId, content: [{ json: { sky: 'sunny' } }] } }));
  const answer = await ask({ ...request, toolConfig: { tools }, messages: [...request.messages, called.output.message, { role: 'user', content: results }] });
  assert.equal(answer.output.message.content[0].text, 'Hello, world');

  const thought = await ask({ ...request, modelId: 'thinks' });
  assert.deepEqual(thought.output.message.content[0], { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'SIG==' } } });
  assert.equal(Buffer.from(thought.output.message.content[1].reasoningContent.redactedContent).toString('base64'), 'ENCR');
  const next = await ask({ ...request, modelId: 'wants-thinking', messages: [...request.messages, thought.output.message, { role: 'user', content: [{ text: 'And?' }] }] });
  assert.equal(next.output.message.content[0].text, 'SIG== ENCR');

  const textFormat = { type: 'json_schema', structure: { jsonSchema: { name: 'place', schema: '{"type":"object"}' } } };
  assert.equal((await ask({ ...request, outputConfig: { textFormat } })).output.message.content[0].text, '{"city":"Oslo"}');
  assert.equal((await ask({ ...request, modelId: 'too-long' })).stopReason, 'max_tokens');
  await assert.rejects(ask({ ...request, modelId: 'rate-limited' }), (e) => e instanceof ThrottlingException && e.message === 'Slow down.');
}

await assert.rejects(streamed({ ...request, modelId: 'fails-midway' }), (e) => e instanceof ServiceUnavailableException && e.message === 'Too much to do.');
console.log('ok');
