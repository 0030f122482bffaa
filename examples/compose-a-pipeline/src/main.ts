/** npm start: trains a small captioner on drawn scenes with a loop of its own, and captions scenes it has not seen. */
import { scoreCaptions } from '@eim/benchmarks';
import { answerAll, composeModel, onePictureEach, rowLogits, targetIds } from '@eim/core';
import { createSceneDataset } from '@eim/datasets';
import { clipPresets, createClipEncoder } from '@eim/encoder-clip';
import { createRandomStream, crossEntropy, startEngine } from '@eim/engine';
import { createGpt2, gpt2Presets } from '@eim/llm-gpt2';
import { createLinearTransform, linearTransformPresets } from '@eim/st-adapters';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';
import * as tf from '@tensorflow/tfjs-core';
import { createAdam } from './adam.js';
import { captionTensors } from './captions.js';
import { loadPixels } from './pictures.js';

const STEPS = Number(process.argv[2] ?? 150);
const PICTURES_PER_STEP = 16;

const engine = await startEngine();
console.log(`engine ${engine.name}, ${engine.threads} thread(s)`);

const random = createRandomStream(1);
const dataset = createSceneDataset({ seed: 1, train: 400, val: 20, test: 40 });
const train = dataset.split('train');
const test = dataset.split('test');
const tokenizer = createTokenizer(
  trainByteBpe(
    train.flatMap(({ answers }) => answers),
    { vocabularySize: 400 },
  ),
);

const encoder = createClipEncoder(clipPresets.tiny, { random: random.fork('encoder') });
const llm = createGpt2(gpt2Presets.tiny, { random: random.fork('llm'), tokenizer });
const st = createLinearTransform(linearTransformPresets.tokens, { random: random.fork('st'), encoder, llm });
const model = composeModel({ encoder, st, llm });
const optimizer = createAdam(
  model.parameters().map(({ parameter }) => parameter),
  1e-3,
);

const order = random.fork('order');
const trainPixels = await loadPixels(train, encoder.preprocessing); // [400, H, W, 3]
for (let step = 1; step <= STEPS; step++) {
  const picked = Array.from({ length: PICTURES_PER_STEP }, () => order.integer(train.length));
  const captions = picked.map((index) => {
    const choices = train[index]!.answers;
    return choices[order.integer(choices.length)]!;
  });
  const text = captionTensors(captions, tokenizer);
  const pixels = tf.tidy(() => tf.gather(trainPixels, tf.tensor1d(picked, 'int32'))); // [B, H, W, 3]
  const loss = tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = rowLogits(model, { ...onePictureEach(picked.length), ...text, pixels }); // [N, V]
      const targets = targetIds(text.ids, text.targetIndices); // [N]
      return crossEntropy(logits, targets, tf.ones(text.targetIndices.shape), 0) as tf.Scalar;
    }, optimizer.variables);
    optimizer.apply(grads);
    return value;
  });
  if (step % 25 === 0 || step === 1) console.log(`step ${step}  loss ${(await loss.data())[0]!.toFixed(3)}`);
  tf.dispose([loss, pixels, text.ids, text.mask, text.targetIndices]);
}

const testPixels = await loadPixels(test, encoder.preprocessing);
const answers = await answerAll(
  model,
  test.map((_, picture) => ({ picture })),
  { pictures: { pixels: testPixels }, tokenizer, maxNewTokens: 30 },
);
const captions = answers.map(({ text }) => text.trim());
const { corpus } = scoreCaptions(
  test.map(({ answers: references }, index) => ({ candidate: captions[index]!, references })),
);
for (const [index, row] of test.slice(0, 3).entries()) {
  console.log(`${row.id}: "${captions[index]}"  (people: "${row.answers[0]}")`);
}
console.log(
  `CIDEr ${corpus.CIDEr.toFixed(3)}, BLEU-4 ${corpus.Bleu_4.toFixed(3)} on ${test.length} unseen scenes`,
);

optimizer.dispose();
model.dispose();
tf.dispose([trainPixels, testPixels]);
if (tf.memory().numTensors > 0) throw new Error(`${tf.memory().numTensors} tensors were left behind`);
