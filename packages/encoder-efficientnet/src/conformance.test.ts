import type { RandomStream } from '@eim/contracts/model';
import { imageEncoderConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { createEfficientNetEncoder } from './create-efficientnet.js';
import { efficientNetPresets } from './efficientnet-presets.js';

describe.each(['cpu', 'wasm'] as const)('EfficientNet-Lite on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  const options = { ...efficientNetPresets.tiny, imageSize: 32, tokenSize: 16 };
  const create = (random: RandomStream) => {
    const encoder = createEfficientNetEncoder(options, { random });
    // with biases of 0, dead channels stand exactly on the kink of the rectifier, where no difference is a gradient
    for (const { variable, role } of encoder.parameters()) {
      if (role === 'bias') tf.tidy(() => variable.assign(tf.sub(random.uniformTensor(variable.shape), 0.5)));
    }
    return encoder;
  };
  const cases = imageEncoderConformance({ create });
  for (const { name, run } of cases) test(name, run);
});
