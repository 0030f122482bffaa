// What a chat model says by itself, as conversations to train on: node tools/own-answers.mjs --model MODEL --out FILE [--prompts FILE]
// Mixed among rows with pictures, its own answers to questions of text alone keep it talking as it did. A prompt a line; greedy answers,
// as JSON lines that the data set `questions` reads. Needs a build.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ChatSession } from '../packages/runs/dist/index.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    prompts: { type: 'string', default: 'configs/chat-prompts.txt' },
    length: { type: 'string', default: '96' },
  },
});
const { model, out, prompts: file, length } = values;
if (!model || !out) throw new Error('Write --model MODEL --out FILE.');
const prompts = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
const session = await ChatSession.open({
  packages: {
    '@eim/llm-gpt2': () => import('../packages/llm-gpt2/dist/index.js'),
    '@eim/llm-llama': () => import('../packages/llm-llama/dist/index.js'),
  },
  environment: process.env,
  model: { path: model },
});
const lines = [];
for (const [index, prompt] of prompts.entries()) {
  session.reset();
  let answer;
  const options = { maxNewTokens: Number(length), signal: new AbortController().signal };
  for await (const piece of session.ask(prompt, options)) if (piece.kind === 'answer') answer = piece;
  process.stderr.write(`${index + 1}/${prompts.length} ${prompt}\n`);
  // An answer that was cut off would teach to stop in the middle of a sentence.
  if (answer.end !== 'stop') continue;
  const messages = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer.text },
  ];
  lines.push(`${JSON.stringify({ id: `own-${index + 1}`, messages })}\n`);
}
session.dispose();
await writeFile(`${out}.partial`, lines.join(''));
await rename(`${out}.partial`, out);
console.log(`${lines.length} of ${prompts.length} answers ended by themselves: ${out}`);
