/** What check-bundlers.mjs bundles: every package that browsers can use, in one small captioning model. */
import { scoreCaptions } from '@eim/benchmarks';
import { answerAll, composeModel } from '@eim/core';
import * as datasets from '@eim/datasets';
import { createClipEncoder } from '@eim/encoder-clip';
import * as efficientNet from '@eim/encoder-efficientnet';
import * as mobileNet from '@eim/encoder-mobilenet';
import { createRandomStream, listEngines, startEngine } from '@eim/engine';
import { preprocess } from '@eim/images';
import { decodePicture } from '@eim/images/decode';
import { createGpt2 } from '@eim/llm-gpt2';
import * as llama from '@eim/llm-llama';
import * as nn from '@eim/nn';
import { createLinearTransform, linearTransformPresets } from '@eim/st-adapters';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';
import * as weights from '@eim/weights';
import * as tf from '@tensorflow/tfjs-core';

const CAPTIONS = ['a red square above a blue circle', 'a green star beside a red square'];
/** A bitmap of 2 x 2 pixels: red, green, blue, white. */
const PICTURE =
  'Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAA/wAA////AAAAAP8A/wAAAA==';

/** @returns what the program saw, as JSON can carry it */
export async function captionOnce() {
  const engine = await startEngine({ engine: 'wasm' });
  const engines = (await listEngines()).map(({ name, ok }) => `${name}: ${ok}`);
  const bytes = Uint8Array.from(atob(PICTURE), (character) => character.charCodeAt(0));
  const picture = await decodePicture(bytes, 'picture.bmp');
  const random = createRandomStream(1);
  const tokenizer = createTokenizer(trainByteBpe(CAPTIONS, { vocabularySize: 300 }));
  const size = { width: 16, blockCount: 2, headCount: 2, feedForwardSize: 32 };
  const encoder = createClipEncoder(
    { ...size, imageSize: 8, patchSize: 4, pooledSize: 12 },
    { random: random.fork('encoder') },
  );
  const llm = createGpt2(
    { hiddenSize: 16, blockCount: 2, headCount: 2, feedForwardSize: 32, contextLength: 32 },
    { random: random.fork('llm'), tokenizer },
  );
  const st = createLinearTransform(linearTransformPresets.tokens, {
    random: random.fork('st'),
    encoder,
    llm,
  });
  const model = composeModel({ encoder, st, llm });
  const values = preprocess(picture, encoder.preprocessing);
  const pixels = tf.tensor4d(values, [1, 8, 8, 3]); // [P, H, W, 3]
  const [answer] = await answerAll(model, [{ picture: 0 }], { pictures: { pixels }, maxNewTokens: 8 });
  const { corpus } = scoreCaptions([{ candidate: CAPTIONS[0], references: [CAPTIONS[0]] }]);
  model.dispose();
  pixels.dispose();
  return {
    engine: engine.name,
    engines,
    pixels: [...picture.data],
    answer,
    bleu: corpus.Bleu_4,
    tensorsLeft: tf.memory().numTensors,
    // Named as wholes, so that no bundler leaves any of them out.
    exports: [datasets, efficientNet, mobileNet, llama, nn, weights].map((all) => Object.keys(all).length),
  };
}
