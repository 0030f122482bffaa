import { EimError, type ExportedTensor, type PartExport } from '@eim/contracts';
import type { Variable } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { Lavin } from '../lavin.js';
import { lavinPresets } from '../lavin-presets.js';
import { lavinNames } from './lavin-names.js';

/** What LaVIN's program has no argument for: `adapter_dim`, `hidden_proj`, `temperature` and `adapter_scale` it has. */
const FIXED = [
  'groups',
  'visualTokens',
  'classTokenInterval',
  'encoderAdapters',
  'pictureWords',
  'textWords',
] as const;

/** LaVIN's ST as its program reads it: `{model: {...}}`, names without `module.`. */
export const lavinExport: PartExport<Lavin> = {
  target: 'lavin',
  place: 'model',
  async tensors(st) {
    checkFixed(st);
    const variables = new Map(st.parameters().map(({ name, variable }) => [name, variable]));
    const tensors: ExportedTensor[] = [];
    for (const { ours, theirs, shape, isTransposed } of lavinNames(st.options, st.neighbours)) {
      tensors.push({ name: theirs, shape, values: await valuesOf(variables.get(ours)!, isTransposed) });
    }
    return tensors;
  },
};

async function valuesOf(variable: Variable, isTransposed: boolean): Promise<Float32Array> {
  const tensor = tf.tidy(() => (isTransposed ? tf.transpose(variable) : tf.clone(variable)));
  try {
    return Float32Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}

function checkFixed({ options }: Lavin): void {
  const other = FIXED.filter((name) => String(options[name]) !== String(lavinPresets['7b'][name]));
  if (other.length === 0) return;
  const said = other.map((name) => `${name} is ${JSON.stringify(options[name])}`).join(' and ');
  throw new EimError({
    code: 'invalid-argument',
    message: `LaVIN's program cannot take this ST: ${said}, where it has ${other.map((name) => JSON.stringify(lavinPresets['7b'][name])).join(' and ')}.`,
    advice: 'Export an ST with the published options.',
    data: { options: other },
  });
}
