// node conformance.mjs: the suite that every image encoder must pass, on the engine that runs here.
import mixer from '@acme/encoder-mixer';
import { imageEncoderConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';

const engine = await startEngine();
const { create } = mixer.encoders.mixer;
const options = {
  imageSize: 8,
  patchSize: 4,
  tokenSize: 6,
  blockCount: 1,
  tokenMixingSize: 5,
  channelMixingSize: 7,
};
const cases = imageEncoderConformance({
  create: (random) => create(options, { random }),
});
for (const { name, run } of cases)
  await run().catch((cause) => Promise.reject(new Error(`${name}: ${cause.message}`, { cause })));
console.log(`conformance on ${engine.name}: ${cases.length} cases passed`);
