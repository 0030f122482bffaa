import type { PublishedBlocks } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';
import { missingTensor } from './tensor-table.js';
import type { ValueRun } from './value-runs.js';
import type { TensorDescription, WeightFile } from './weight-file.js';

/** The file that a tensor of several files lies in, and its name there. */
interface Place {
  readonly file: WeightFile;
  readonly name: string;
}

/**
 * Several files whose tensors have the same names, each holding a part of every tensor (Meta's
 * `consolidated.00.pth`, `consolidated.01.pth`): `file:tensor` names the part. Joining them is the family's part.
 */
export class CombinedWeights implements WeightFile {
  readonly format;
  readonly metadata = {};
  private readonly places: ReadonlyMap<string, Place>;

  /**
   * @param name of all together, for messages
   * @param files by the name that is put before their tensors'; at least one
   */
  constructor(
    readonly name: string,
    private readonly files: ReadonlyMap<string, WeightFile>,
  ) {
    this.format = [...files.values()][0]!.format;
    this.places = new Map(
      [...files].flatMap(([prefix, file]) =>
        file.tensorNames.map((tensor) => [`${prefix}:${tensor}`, { file, name: tensor }] as const),
      ),
    );
  }

  get tensorNames(): readonly string[] {
    return [...this.places.keys()];
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  info(name: string): TensorDescription {
    const place = this.place(name);
    return { ...place.file.info(place.name), name };
  }

  async read(name: string): Promise<WeightTensor> {
    const place = this.place(name);
    return { ...(await place.file.read(place.name)), name };
  }

  readRuns(name: string, rowLength?: number): AsyncIterable<ValueRun> {
    const place = this.place(name);
    return place.file.readRuns(place.name, rowLength);
  }

  blocks(name: string): PublishedBlocks | undefined {
    const place = this.place(name);
    return place.file.blocks?.(place.name);
  }

  async *tensors(): AsyncGenerator<WeightTensor> {
    for (const name of this.places.keys()) yield await this.read(name);
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await file.close();
  }

  private place(name: string): Place {
    const place = this.places.get(name);
    if (place) return place;
    throw missingTensor(this.name, name, this.tensorNames);
  }
}
