import { fileFault } from '../file-fault.js';
import { floatValues } from '../narrow-tensor.js';
import { TensorReference } from '../pytorch/pickle-value.js';
import { unpickleWithStorages } from '../pytorch/pickled-storages.js';
import { readTensor } from '../pytorch/read-tensor.js';
import { bytesSource } from '../random-access-source.js';

/** One caption, and the row of the vectors that its picture has. Other fields are as the file has them, such as `image_id`. */
export interface FeatureCaption {
  readonly caption: string;
  readonly row: number;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

/** ClipCap's data file: vectors of pictures, and captions that name their rows. */
export interface CaptionFeatures {
  /** `[count, size]`, row-major */
  readonly vectors: Float32Array;
  readonly count: number;
  readonly size: number;
  readonly captions: readonly FeatureCaption[];
}

/**
 * Reads what ClipCap's `parse_coco.py` and `parse_conceptual.py` write, `{clip_embedding: tensor, captions: [...]}`, a pickle. Nothing
 * in it is looked up or run.
 * @param name of the file, for messages
 * @throws EimError `invalid-file` naming what is wrong
 * @example
 * const { vectors, size, captions } = await readCaptionFeatures(await readFile('oscar_split_train.pkl'), 'oscar_split_train.pkl');
 */
export async function readCaptionFeatures(bytes: Uint8Array, name: string): Promise<CaptionFeatures> {
  try {
    const { root, bytesOf } = unpickleWithStorages(bytes);
    if (!(root instanceof Map)) throw new RangeError('it holds no dictionary');
    const tensor = root.get('clip_embedding');
    const captions = root.get('captions');
    if (!(tensor instanceof TensorReference) || tensor.shape.length !== 2)
      throw new RangeError('clip_embedding is no tensor of two dimensions');
    if (!Array.isArray(captions)) throw new RangeError('captions is no list');
    const source = bytesSource(bytesOf(tensor.storage), name);
    const vectors = floatValues(await readTensor(source, 'clip_embedding', tensor, () => 0));
    const [count, size] = tensor.shape as [number, number];
    return { vectors, count, size, captions: captions.map((one, index) => captionOf(one, index, count)) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw fileFault(name, `as ClipCap's data it cannot be read: ${cause.message}`, {}, cause);
  }
}

function captionOf(given: unknown, index: number, count: number): FeatureCaption {
  const where = `captions[${index}]`;
  if (!(given instanceof Map)) throw new RangeError(`${where} is no dictionary`);
  const { caption, clip_embedding: row, ...fields } = Object.fromEntries(given) as Record<string, unknown>;
  if (typeof caption !== 'string') throw new RangeError(`${where}.caption is no text`);
  if (!Number.isInteger(row) || (row as number) < 0 || (row as number) >= count)
    throw new RangeError(`${where}.clip_embedding is ${String(row)}, none of the ${count} rows`);
  const other = Object.entries(fields).find(([, value]) => value !== null && typeof value === 'object');
  if (other) throw new RangeError(`${where}.${other[0]} is neither a text nor a number`);
  return { caption, row: row as number, fields: fields as FeatureCaption['fields'] };
}
