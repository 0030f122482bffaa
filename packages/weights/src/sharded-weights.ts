import { EimError, type PublishedBlocks } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';
import type { ShardIndex } from './shard-index.js';
import { TensorTable } from './tensor-table.js';
import type { ValueRun } from './value-runs.js';
import type { TensorDescription, WeightFile, WeightFormat } from './weight-file.js';

interface Entry extends TensorDescription {
  readonly shard: WeightFile;
}

/** Several files read as one, as the index beside them says. */
export class ShardedWeights extends TensorTable<Entry> {
  private constructor(
    name: string,
    entries: ReadonlyMap<string, Entry>,
    private readonly shards: readonly WeightFile[],
    readonly format: WeightFormat,
    readonly metadata: Readonly<Record<string, unknown>>,
  ) {
    super(name, entries);
  }

  /**
   * Opens every file that the index names; on an error those opened are closed again.
   * @param name of the index, for messages
   * @throws EimError `invalid-data` listing the tensors that their files lack; errors of the files themselves
   */
  static async open(
    name: string,
    { shardOf, metadata }: ShardIndex,
    openShard: (fileName: string) => Promise<WeightFile>,
  ): Promise<ShardedWeights> {
    const shards = new Map<string, WeightFile>();
    try {
      for (const fileName of new Set(shardOf.values())) shards.set(fileName, await openShard(fileName));
      const entries = locate(name, shardOf, shards);
      const format = [...shards.values()][0]?.format ?? 'safetensors';
      return new ShardedWeights(name, entries, [...shards.values()], format, metadata);
    } catch (error) {
      for (const shard of shards.values()) await shard.close();
      throw error;
    }
  }

  async read(name: string): Promise<WeightTensor> {
    return await this.info(name).shard.read(name);
  }

  override readRuns(name: string, rowLength?: number): AsyncIterable<ValueRun> {
    return this.info(name).shard.readRuns(name, rowLength);
  }

  blocks(name: string): PublishedBlocks | undefined {
    return this.info(name).shard.blocks?.(name);
  }

  async close(): Promise<void> {
    for (const shard of this.shards) await shard.close();
  }
}

function locate(
  index: string,
  shardOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, WeightFile>,
): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const lacking: string[] = [];
  for (const [tensor, fileName] of shardOf) {
    const shard = shards.get(fileName)!;
    if (!shard.has(tensor)) {
      lacking.push(`"${tensor}" in ${fileName}`);
      continue;
    }
    const { name, dtype, shape, encoding } = shard.info(tensor);
    entries.set(tensor, { name, dtype, shape, encoding, shard });
  }
  if (lacking.length === 0) return entries;
  throw new EimError({
    code: 'invalid-data',
    message: `${index} names ${lacking.length} tensors that are not where it says: ${lacking.join(', ')}.`,
    advice: 'Copy or download all files of the checkpoint again, index included.',
    data: { file: index, lacking },
  });
}
