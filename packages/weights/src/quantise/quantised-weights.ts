import { type BlockFormat, EimError, type PublishedBlocks, type PublishedWeights } from '@eim/contracts';
import { elementCount } from '../dtype.js';
import { blockFormat } from '../gguf/block-formats.js';
import { quantizeQ80 } from '../gguf/write/quantize-q80.js';
import { runsOfTensor } from '../mapping/runs-of-tensor.js';
import type { MappableWeights } from '../mapping/weights-map.js';
import { NF4 } from './nf4-format.js';
import { Nf4Quantiser } from './quantise-nf4.js';
import { quantiseQ40 } from './quantise-q40.js';

/** Formats that floats can be put into when they are read. */
export const QUANTISE_FORMATS = ['q8_0', 'q4_0', 'nf4'] as const;
export type QuantiseFormat = (typeof QUANTISE_FORMATS)[number];

const FORMATS: Readonly<Record<QuantiseFormat, BlockFormat>> = {
  q8_0: blockFormat('Q8_0')!,
  q4_0: blockFormat('Q4_0')!,
  nf4: NF4,
};
const FLOATS = ['F32', 'F16', 'BF16'];

/**
 * The same weights with every matrix of floats in blocks, which are made when it is read: `q8_0` and `q4_0` as gguf-py makes them,
 * `nf4` with double quantisation as bitsandbytes does, halves being widened first.
 * @throws EimError, when blocks are asked for, `invalid-config` for a matrix whose rows blocks do not fill, or that is in blocks already
 * @example
 * const weights = quantisedWeights(await openPublishedWeights('smollm2/'), 'q8_0');
 * weights.read.blocks?.('model.embed_tokens.weight')?.format.name; // 'q8_0'
 */
export function quantisedWeights<Weights extends PublishedWeights>(
  weights: Weights,
  format: QuantiseFormat,
): Weights {
  const { runs } = weights.read;
  const blocks = (name: string) => madeBlocks(weights, name, format);
  const read = Object.assign((name: string) => weights.read(name), { ...(runs && { runs }), blocks });
  // all else is the weights' own, whatever they are made of
  return Object.create(weights, { read: { value: read, enumerable: true } });
}

/** Bytes that a matrix takes in a format. @param elements of whole blocks */
export function quantisedBytes(elements: number, format: QuantiseFormat): number {
  const { blockElements, blockBytes } = FORMATS[format];
  return (elements / blockElements) * blockBytes;
}

function madeBlocks(
  weights: MappableWeights,
  name: string,
  format: QuantiseFormat,
): PublishedBlocks | undefined {
  const { shape, dtype } = weights.info(name);
  if (shape.length !== 2 || !FLOATS.includes(dtype)) return undefined;
  const held = weights.read.blocks?.(name)?.format;
  if (held !== undefined && held.blockElements > 1)
    throw refused(weights, name, format, `is in ${held.name} already`);
  const { blockElements } = FORMATS[format];
  const columns = shape[1]!;
  if (columns % blockElements !== 0)
    throw refused(
      weights,
      name,
      format,
      `has rows of ${columns}, which blocks of ${blockElements} do not fill`,
    );
  const bytes = new FromFront(() => blocksOf(weights, name, shape, format));
  return { format: FORMATS[format], readInto: (offset, target) => bytes.read(offset, target) };
}

/** The blocks of a matrix from front to back. */
async function* blocksOf(
  weights: MappableWeights,
  name: string,
  shape: readonly number[],
  format: QuantiseFormat,
): AsyncGenerator<Uint8Array> {
  const whole = format === 'nf4' ? new Nf4Quantiser(elementCount(shape)) : undefined;
  for await (const { values } of runsOfTensor(weights, name, shape[1]!)) {
    if (!values.every(Number.isFinite))
      throw refused(weights, name, format, 'holds a value that is not finite');
    if (whole) whole.add(values);
    else yield format === 'q8_0' ? quantizeQ80(values) : quantiseQ40(values);
  }
  if (whole) yield whole.finish();
}

/** Bytes that come piece by piece, for readers that mostly go on where they stopped. */
class FromFront {
  private pieces: AsyncGenerator<Uint8Array> | undefined;
  private piece = new Uint8Array(0);
  /** Of the piece's first byte. */
  private at = 0;

  constructor(private readonly begin: () => AsyncGenerator<Uint8Array>) {}

  async read(offset: number, target: Uint8Array): Promise<void> {
    if (this.pieces === undefined || offset < this.at) {
      this.pieces = this.begin();
      this.piece = new Uint8Array(0);
      this.at = 0;
    }
    for (let done = 0; done < target.length; ) {
      const start = offset + done - this.at;
      if (start >= this.piece.length) {
        this.at += this.piece.length;
        const { value, done: isOver } = await this.pieces.next();
        if (isOver) throw new RangeError('more bytes were asked for than the blocks have');
        this.piece = value as Uint8Array<ArrayBuffer>;
        continue;
      }
      const bytes = this.piece.subarray(start, start + target.length - done);
      target.set(bytes, done);
      done += bytes.length;
    }
  }
}

const refused = (weights: MappableWeights, tensor: string, format: QuantiseFormat, fault: string): EimError =>
  new EimError({
    code: 'invalid-config',
    message: `${weights.name} cannot be quantised to ${format}: "${tensor}" ${fault}.`,
    advice: 'Leave quantise out, or name weights in floats whose matrices have rows that blocks fill.',
    data: { file: weights.name, tensor, format },
  });
