import { join } from 'node:path';
import { readJsonObject } from './read-json-object.js';

type Config = Readonly<Record<string, unknown>>;

/**
 * What a folder says of pixels: the `image_processor` of a `processor_config.json`, as version 5 of transformers writes it,
 * before a `preprocessor_config.json` (transformers, `get_image_processor_dict`); undefined where there is neither.
 * @param files names in the folder
 * @throws EimError `invalid-file` naming the file that cannot be read
 */
export async function readPreprocessorConfig(
  folder: string,
  files: readonly string[],
): Promise<Config | undefined> {
  const optional = async (name: string) =>
    files.includes(name) ? await readJsonObject(join(folder, name)) : undefined;
  const whole = await optional('processor_config.json');
  const nested = whole?.image_processor;
  if (typeof nested === 'object' && nested !== null) return nested as Config;
  return await optional('preprocessor_config.json');
}
