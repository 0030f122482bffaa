import { tensor1d } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from '../sharing/training-group.js';
import { CHUNK_SIZE } from './encode-chunk.js';
import type { FeatureEntry } from './feature-entry.js';
import type { CachedFeature, FeatureColumn } from './feature-layout.js';

/** Greatest number of axes of a feature of one picture. */
const MOST_AXES = 4;

/** Processes that encode together. */
export interface EncodingGroup extends Pick<TrainingGroup, 'rank' | 'size' | 'gather' | 'fromFirst' | 'sum'> {
  /** Whether this one is asked to stop. */
  asked(): boolean;
}

/** One round: a chunk of each process, in their order; those beyond the last chunk are left out. */
export interface SharedRound {
  readonly entries: readonly FeatureEntry[];
  /** Whether any process is asked to stop. */
  readonly stops: boolean;
}

/** What a full chunk gives and costs. */
interface ChunkForm {
  /** Of one picture, by name. */
  readonly shapes: readonly (readonly number[])[];
  readonly multiplyAdds: number;
}

/**
 * Entries of chunks of pictures, of which each process of a group computes its share: in every round one, which all get.
 * @param names of the features
 * @param lengths pictures of each chunk
 * @param compute the entry of a chunk, by its number
 */
export async function* sharedChunks(
  group: EncodingGroup,
  names: readonly CachedFeature[],
  lengths: readonly number[],
  compute: (chunk: number) => Promise<FeatureEntry>,
): AsyncGenerator<SharedRound> {
  let form: ChunkForm | undefined;
  for (let first = 0; first < lengths.length; first += group.size) {
    const own = first + group.rank;
    const entry = own < lengths.length ? await compute(own) : undefined;
    form ??= await formOf(group, names, entry, lengths[0]!);
    yield await share(group, names, form, { entry, lengths: lengths.slice(first, first + group.size) });
  }
}

/** The first process has the first chunk. */
async function formOf(
  group: EncodingGroup,
  names: readonly CachedFeature[],
  entry: FeatureEntry | undefined,
  length: number,
): Promise<ChunkForm> {
  const cost = ((entry?.multiplyAdds ?? 0) * CHUNK_SIZE) / length;
  // A number of 64 bits in two of 32.
  const numbers = [Math.fround(cost), cost - Math.fround(cost)];
  for (const name of names) {
    const shape = entry?.columns.get(name)?.shape ?? [];
    numbers.push(shape.length, ...shape, ...new Array<number>(MOST_AXES - shape.length).fill(0));
  }
  const own = tensor1d(numbers);
  const shared = await group.fromFirst(own).finally(() => own.dispose());
  const [high, low, ...rest] = await shared.data();
  shared.dispose();
  const shapes = names.map((_, index) => {
    const [axes, ...shape] = rest.slice(index * (1 + MOST_AXES), (index + 1) * (1 + MOST_AXES));
    return shape.slice(0, axes);
  });
  return { shapes, multiplyAdds: high! + low! };
}

async function share(
  group: EncodingGroup,
  names: readonly CachedFeature[],
  { shapes, multiplyAdds }: ChunkForm,
  { entry, lengths }: { readonly entry: FeatureEntry | undefined; readonly lengths: readonly number[] },
): Promise<SharedRound> {
  const widths = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
  // Column by column as for a full chunk, and whether somebody asks to stop.
  const size = 1 + CHUNK_SIZE * widths.reduce((sum, width) => sum + width, 0);
  const laid = new Float32Array(size);
  laid[size - 1] = Number(group.asked());
  let start = 0;
  for (const [index, name] of names.entries()) {
    const data = entry?.columns.get(name)?.data;
    if (data) laid.set(data, start);
    start += CHUNK_SIZE * widths[index]!;
  }
  const own = tensor1d(laid);
  const gathered = await group.gather(own).finally(() => own.dispose()); // [processes * size]
  const all = (await gathered.data()) as Float32Array;
  gathered.dispose();
  const entries = lengths.map((length, process): FeatureEntry => {
    let at = process * size;
    const columns = names.map((name, index): [CachedFeature, FeatureColumn] => {
      const data = all.slice(at, at + length * widths[index]!);
      at += CHUNK_SIZE * widths[index]!;
      return [name, { shape: shapes[index]!, data }];
    });
    return { columns: new Map(columns), multiplyAdds: (multiplyAdds * length) / CHUNK_SIZE };
  });
  const stops = Array.from({ length: group.size }, (_, process) => all[(process + 1) * size - 1]!);
  return { entries, stops: stops.some((stop) => stop > 0) };
}
