import { EimError } from '@eim/contracts';
import type { RandomAccessSource } from '@eim/weights';
import type { ShardReader } from './shard-reader.js';
import type { WebFile, WebManifest } from './web-manifest.js';

/** The model's files of an exported folder, by name. */
export class ExportedFiles {
  constructor(
    private readonly files: WebManifest['files'],
    private readonly shards: ShardReader,
  ) {}

  /** @throws EimError `missing-file` */
  source(name: string): RandomAccessSource {
    return this.shards.source(name, this.#file(name));
  }

  /** @throws EimError `missing-file` */
  async text(name: string): Promise<string> {
    return await this.shards.text(name, this.#file(name));
  }

  /** @throws EimError `missing-file`, `invalid-file` */
  async json(name: string): Promise<unknown> {
    const text = await this.text(name);
    try {
      return JSON.parse(text);
    } catch (cause) {
      const message = `${name} is not JSON: ${(cause as Error).message}.`;
      throw new EimError({ code: 'invalid-file', message, data: { file: name }, cause });
    }
  }

  #file(name: string): WebFile {
    const file = Object.hasOwn(this.files, name) ? this.files[name] : undefined;
    if (file) return file;
    throw new EimError({
      code: 'missing-file',
      message: `The exported model has no file ${name}.`,
      advice: 'Export it again.',
      data: { file: name },
    });
  }
}
