// Run from the repository's root, after `npm run setup`: npm run bench -- perplexity GGUF TEXT [tokens] [wasm|node]
// Perplexity of a text, exact and with `--compute fast`, beside each other.
import { readFileSync } from 'node:fs';
import { startEngine } from '@eim/engine';
import { loadLlama } from '@eim/llm-llama';
import { createGgufTokenizer } from '@eim/tokenizers';
import { openPublishedWeights, openWeights } from '@eim/weights/node';
import { textPerplexity } from './text-perplexity.js';

const [gguf, text, tokens = '20000', engine = 'wasm'] = process.argv.slice(2);
if (gguf === undefined || text === undefined) {
  console.error(
    'Name a GGUF of the LLaMA family and a text: npm run bench -- perplexity GGUF TEXT [tokens] [engine]',
  );
  process.exit(2);
}
const file = await openWeights(gguf);
const tokenizer = createGgufTokenizer(file.metadata, gguf, {});
await file.close();
const ids = tokenizer.encode(readFileSync(text, 'utf8')).slice(0, Number(tokens));
await startEngine({ engine: engine as 'wasm' | 'node' });
console.log(`${ids.length} tokens of ${text}, in windows of 256, on ${engine}`);
for (const compute of ['exact', 'fast'] as const) {
  const weights = await openPublishedWeights(gguf);
  const model = await loadLlama(weights, { frozen: true, compute });
  await weights.close();
  const { perplexity, standardError } = await textPerplexity(model, ids, 256);
  console.log(
    `${compute.padEnd(6)} perplexity ${perplexity.toFixed(4)}, standard error ${standardError.toFixed(4)}`,
  );
  model.dispose();
}
process.exit(0);
