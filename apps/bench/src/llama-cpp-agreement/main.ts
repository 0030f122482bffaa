// Run from the repository's root, after `npm run setup`: npm run bench -- llama-cpp-agreement GGUF...
// Greedy ids of llama.cpp beside our logits, for files such as `eim export MODEL --target gguf` writes. EIM_LLAMA_CPP names a folder where
// node-llama-cpp 3.22.1 is installed (`npm i --ignore-scripts node-llama-cpp@3.22.1`). Ends with 1 where ids of texts differ, or where
// llama.cpp chose a token that lies further below our likeliest one than the limit: it keeps keys and values in 16 bits.
import { basename } from 'node:path';
import { startEngine } from '@eim/engine';
import { loadLlama } from '@eim/llm-llama';
import { createGgufTokenizer } from '@eim/tokenizers';
import { openPublishedWeights, openWeights } from '@eim/weights/node';
import { openLlamaCpp } from '../llama-cpp/open-llama-cpp.js';
import { compareGreedy } from './compare-greedy.js';

const NEW_TOKENS = 32;
/** In logits. llama.cpp rounds activations to 8 bits before products with blocks, and keys and values to 16. */
const LIMIT = { floats: 0.02, blocks: 0.3 };
const TEXTS = [
  'The capital of France is',
  'Once upon a time, there was a small boat',
  'def add(a, b):\n    return',
  'Überall blühen Rosen; 2 + 2 =',
  'A list of colours: red, green,',
  'The   sea\n\nis',
];

const project = process.env.EIM_LLAMA_CPP;
const files = process.argv.slice(2);
if (project === undefined || files.length === 0) {
  console.error('Name GGUF files, and in EIM_LLAMA_CPP a folder with node-llama-cpp.');
  process.exit(2);
}
await startEngine({ engine: 'wasm' });
let isRight = true;
for (const file of files) {
  const other = await openLlamaCpp(project, file, { threads: 1, contextSize: 512 });
  const opened = await openWeights(file);
  const hasBlocks = opened.tensorNames.some((name) => /^q\d/i.test(opened.info(name).encoding));
  const tokenizer = createGgufTokenizer(opened.metadata, file, {});
  await opened.close();
  const weights = await openPublishedWeights(file);
  const model = await loadLlama(weights);
  await weights.close();
  let [tokens, equal, gap, textsEqual] = [0, 0, 0, 0];
  for (const text of TEXTS) {
    const prompt = tokenizer.encode(text);
    if (JSON.stringify(other.tokenize(text)) === JSON.stringify(prompt)) textsEqual++;
    const continuation: number[] = [];
    for await (const id of other.greedy(prompt)) {
      if (continuation.push(id) === NEW_TOKENS) break;
    }
    const agreement = compareGreedy(model, prompt, continuation);
    tokens += agreement.tokens;
    equal += agreement.equal;
    gap = Math.max(gap, agreement.largestGap);
  }
  model.dispose();
  isRight &&= textsEqual === TEXTS.length && gap <= (hasBlocks ? LIMIT.blocks : LIMIT.floats);
  console.log(
    `${basename(file)}: ids of ${textsEqual} of ${TEXTS.length} texts equal; ${equal} of ${tokens} greedy tokens are ours, ` +
      `the others at most ${gap.toFixed(4)} below`,
  );
}
process.exit(isRight ? 0 : 1);
