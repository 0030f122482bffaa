import type { ExportedValue } from '@eim/contracts';
import type { Storage } from './checkpoint-storages.js';

const OP = {
  protocol: [0x80, 2],
  emptyDict: 0x7d,
  emptyList: 0x5d,
  mark: 0x28,
  setItems: 0x75,
  appends: 0x65,
  unicode: 0x58,
  integer: 0x4a,
  float: 0x47,
  none: 0x4e,
  yes: 0x88,
  no: 0x89,
  global: 0x63,
  tuple: 0x74,
  emptyTuple: 0x29,
  persistent: 0x51,
  reduce: 0x52,
  stop: 0x2e,
} as const;

const STORAGE_CLASSES = { F32: 'FloatStorage', F16: 'HalfStorage' } as const;

/** Writes a pickle, protocol 2, with operations alone that `torch.load(weights_only=True)` takes. */
export class PickleWriter {
  private readonly written: number[] = [];

  constructor() {
    this.put(...OP.protocol);
  }

  /** Everything is written. */
  finished(): Uint8Array {
    this.put(OP.stop);
    return Uint8Array.from(this.written);
  }

  /** @param items writes keys and values, one behind the other */
  dictionary(items: () => void): void {
    this.put(OP.emptyDict, OP.mark);
    items();
    this.put(OP.setItems);
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.put(OP.unicode, ...littleEndian(bytes.length), ...bytes);
  }

  plain(value: ExportedValue): void {
    if (value === null) this.put(OP.none);
    else if (typeof value === 'boolean') this.put(value ? OP.yes : OP.no);
    else if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.number(value);
    else if (Array.isArray(value)) this.list(value);
    else
      this.dictionary(() => {
        for (const [name, one] of Object.entries(value)) {
          this.text(name);
          this.plain(one);
        }
      });
  }

  /** A call of `torch._utils._rebuild_tensor_v2`: storage, offset, sizes, strides, no gradient, no hooks. */
  tensor(storage: Storage, shape: readonly number[]): void {
    this.global('torch._utils', '_rebuild_tensor_v2');
    this.tuple(() => {
      this.tuple(() => {
        this.text('storage');
        this.global('torch', STORAGE_CLASSES[storage.dtype]);
        this.text(storage.key);
        this.text('cpu');
        this.integer(storage.size);
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

  private put(...bytes: readonly number[]): void {
    this.written.push(...bytes);
  }

  private list(values: readonly ExportedValue[]): void {
    this.put(OP.emptyList, OP.mark);
    for (const value of values) this.plain(value);
    this.put(OP.appends);
  }

  private number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
      this.integer(value);
      return;
    }
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value); // big-endian, unlike everything else
    this.put(OP.float, ...new Uint8Array(bytes.buffer));
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
