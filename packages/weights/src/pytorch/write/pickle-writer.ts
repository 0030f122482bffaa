import type { ExportedTensor } from '@eim/contracts';

const OP = {
  protocol: [0x80, 2],
  emptyDict: 0x7d,
  mark: 0x28,
  setItems: 0x75,
  unicode: 0x58,
  integer: 0x4a,
  global: 0x63,
  tuple: 0x74,
  emptyTuple: 0x29,
  persistent: 0x51,
  reduce: 0x52,
  no: 0x89,
  stop: 0x2e,
} as const;

/**
 * The pickle, protocol 2, of `{[place]: {name: tensor, ...}}` as `torch.save` has it, with operations alone that
 * `torch.load(weights_only=True)` takes. Storage n holds the values of tensor n.
 */
export function pickledTensors(place: string, tensors: readonly ExportedTensor[]): Uint8Array {
  const pickle = new PickleWriter();
  pickle.put(...OP.protocol);
  pickle.dictionary(() => {
    pickle.text(place);
    pickle.dictionary(() => {
      tensors.forEach(({ name, shape, values }, index) => {
        pickle.text(name);
        pickle.tensor(String(index), shape, values.length);
      });
    });
  });
  pickle.put(OP.stop);
  return pickle.bytes();
}

class PickleWriter {
  private readonly written: number[] = [];

  put(...bytes: readonly number[]): void {
    this.written.push(...bytes);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.written);
  }

  dictionary(items: () => void): void {
    this.put(OP.emptyDict, OP.mark);
    items();
    this.put(OP.setItems);
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.put(OP.unicode, ...littleEndian(bytes.length), ...bytes);
  }

  /** A call of `torch._utils._rebuild_tensor_v2`: storage, offset, sizes, strides, no gradient, no hooks. */
  tensor(storage: string, shape: readonly number[], size: number): void {
    this.global('torch._utils', '_rebuild_tensor_v2');
    this.tuple(() => {
      this.tuple(() => {
        this.text('storage');
        this.global('torch', 'FloatStorage');
        this.text(storage);
        this.text('cpu');
        this.integer(size);
      });
      this.put(OP.persistent);
      this.integer(0);
      this.tuple(() => shape.forEach((side) => void this.integer(side)));
      this.tuple(() => stridesOf(shape).forEach((stride) => void this.integer(stride)));
      this.put(OP.no);
      this.global('collections', 'OrderedDict');
      this.put(OP.emptyTuple, OP.reduce);
    });
    this.put(OP.reduce);
  }

  private tuple(items: () => void): void {
    this.put(OP.mark);
    items();
    this.put(OP.tuple);
  }

  /** Below 2^31, as everything in a zip archive of less than 4 GiB is. */
  private integer(value: number): void {
    this.put(OP.integer, ...littleEndian(value));
  }

  private global(module: string, name: string): void {
    this.put(OP.global, ...new TextEncoder().encode(`${module}\n${name}\n`));
  }
}

const littleEndian = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** Of a row-major tensor. */
const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
