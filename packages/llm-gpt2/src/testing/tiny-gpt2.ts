import { createRandomStream } from '@eim/engine';
import { setParameters } from '@eim/nn/testing';
import fixture from '../__fixtures__/gpt2.json' with { type: 'json' };
import { createGpt2 } from '../create-gpt2.js';
import type { Gpt2 } from '../gpt2.js';
import type { Gpt2OptionsInput } from '../gpt2-options.js';

/** The fixture's model, for this package's tests. */
export function tinyGpt2(options: Partial<Gpt2OptionsInput> = {}): Gpt2 {
  const model = createGpt2(
    { ...fixture.sizes, specialTokens: { end: 30, pad: 0 }, ...options },
    { random: createRandomStream(1) },
  );
  setParameters(model.parameters(), fixture.weights);
  return model;
}
