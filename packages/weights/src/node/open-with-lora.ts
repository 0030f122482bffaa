import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EimError, type PublishedWeights } from '@eim/contracts';
import { withLora } from '../peft/with-lora.js';
import { openWeights } from './open-weights.js';
import { readJsonObject } from './read-json-object.js';

const CONFIG = 'adapter_config.json';
const TENSORS = ['adapter_model.safetensors', 'adapter_model.bin'] as const;

/**
 * Published weights with the LoRA of a folder as peft saves it. Closing them closes both.
 * @throws EimError `missing-file` where the folder is none; as {@link withLora}
 */
export async function openWithLora<Opened extends PublishedWeights & { close(): Promise<void> }>(
  weights: Opened,
  folder: string,
): Promise<Opened> {
  const tensors = TENSORS.find((name) => existsSync(join(folder, name)));
  if (tensors === undefined || !existsSync(join(folder, CONFIG))) throw noAdapter(folder, tensors);
  const config = await readJsonObject(join(folder, CONFIG));
  const adapter = await openWeights(join(folder, tensors));
  try {
    const { name, tensorNames } = adapter;
    const opened = {
      name,
      tensorNames,
      has: (tensor: string) => adapter.has(tensor),
      info: (tensor: string) => adapter.info(tensor),
      read: (tensor: string) => adapter.read(tensor),
    };
    const adapted = await withLora(weights, opened, config);
    return {
      ...adapted,
      async close() {
        await adapter.close();
        await weights.close();
      },
    };
  } catch (error) {
    await adapter.close();
    throw error;
  }
}

const noAdapter = (folder: string, tensors: string | undefined): EimError =>
  new EimError({
    code: 'missing-file',
    message: `${folder} holds no adapter: ${tensors === undefined ? TENSORS.join(' or ') : CONFIG} is not there.`,
    advice: 'Give the folder that save_pretrained of peft wrote.',
    data: { folder },
  });
