import { EimError } from '@eim/contracts';
import type { TextEncoder } from '@eim/contracts/model';
import type { OpenedWeights } from '@eim/weights/node';
import type { PluginPackages } from '../context.js';
import { packageManifests } from '../model/package-manifests.js';

/**
 * Loads the text encoder of published weights with the first package that recognises it.
 * @throws EimError `invalid-file` where none does
 */
export async function loadTextEncoder(
  weights: OpenedWeights,
  packages: PluginPackages,
): Promise<TextEncoder> {
  for (const { textEncoders = {} } of (await packageManifests(packages)).values()) {
    for (const entry of Object.values(textEncoders)) {
      if (entry.load && entry.recognise?.(weights)) return await entry.load(weights, {});
    }
  }
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no text encoder that one of the packages knows (${Object.keys(packages).join(', ')}).`,
    advice: 'Give the whole model: CLIPScore needs the encoder of pictures and that of texts.',
    data: { file: weights.name, tensors: weights.tensorNames.length },
  });
}
