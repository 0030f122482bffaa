import type { ExportedValue } from '@eim/contracts';
import type { Storage } from './checkpoint-storages.js';
import { joinedBytes } from './joined-bytes.js';

const OP = {
  protocol: 0x80,
  emptyDict: 0x7d,
  emptyList: 0x5d,
  mark: 0x28,
  setItems: 0x75,
  appends: 0x65,
  unicode: 0x58,
  bytes: 0x42,
  long: 0x8a,
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

/** Writes a pickle with operations alone that, in protocol 2, `torch.load(weights_only=True)` takes. */
export class PickleWriter {
  private readonly pieces: Uint8Array[] = [];
  private written: number[] = [];

  /** @param protocol 3 where it holds bytes, as {@link tensorInside} needs */
  constructor(protocol: 2 | 3 = 2) {
    this.put(OP.protocol, protocol);
  }

  /** Everything is written. */
  finished(): Uint8Array {
    this.put(OP.stop);
    this.close();
    return joinedBytes(this.pieces);
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
    this.rebuilt(shape, () => this.storage(storage));
  }

  /** A tensor whose values lie in the pickle, as Python's own `pickle` has it: `torch.save` of its storage, in the layout before 1.6. */
  tensorInside(values: Float32Array, shape: readonly number[]): void {
    this.rebuilt(shape, () => {
      this.global('torch.storage', '_load_from_bytes');
      this.tuple(() => this.bytes(oldStorageFile(values)));
      this.put(OP.reduce);
    });
  }

  /** A reference to what lies elsewhere: kind, class, key, device, elements, and in old files what it is a view of. */
  storage({ dtype, key, size }: Omit<Storage, 'bytes'>, isOld = false): void {
    this.tuple(() => {
      this.text('storage');
      this.global('torch', STORAGE_CLASSES[dtype]);
      this.text(key);
      this.text('cpu');
      this.integer(size);
      if (isOld) this.put(OP.none);
    });
    this.put(OP.persistent);
  }

  /** An integer of any size, in two's complement. */
  long(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 8n) {
      bytes.push(Number(rest & 0xffn));
      const isNegative = bytes.at(-1)! > 0x7f;
      if (rest >> 8n === (isNegative ? -1n : 0n)) break;
    }
    this.put(OP.long, bytes.length, ...bytes);
  }

  private bytes(bytes: Uint8Array): void {
    this.put(OP.bytes, ...littleEndian(bytes.length));
    this.close();
    this.pieces.push(bytes);
  }

  private close(): void {
    this.pieces.push(Uint8Array.from(this.written));
    this.written = [];
  }

  private rebuilt(shape: readonly number[], storage: () => void): void {
    this.global('torch._utils', '_rebuild_tensor_v2');
    this.tuple(() => {
      storage();
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
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.long(BigInt(value));
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

/** What `torch.save` wrote of one storage before PyTorch 1.6: five pickles, the number of elements, the values. */
function oldStorageFile(values: Float32Array): Uint8Array {
  const pickled = (write: (pickle: PickleWriter) => void): Uint8Array => {
    const pickle = new PickleWriter();
    write(pickle);
    return pickle.finished();
  };
  const count = new BigUint64Array([BigInt(values.length)]);
  const pieces = [
    pickled((pickle) => pickle.long(MAGIC)),
    pickled((pickle) => pickle.plain(OLD_PROTOCOL)),
    pickled((pickle) =>
      pickle.plain({
        protocol_version: OLD_PROTOCOL,
        little_endian: true,
        type_sizes: { short: 2, int: 4, long: 4 },
      }),
    ),
    pickled((pickle) => pickle.storage({ dtype: 'F32', key: '0', size: values.length }, true)),
    pickled((pickle) => pickle.plain(['0'])),
    new Uint8Array(count.buffer),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ];
  return joinedBytes(pieces);
}

/** torch/serialization.py, `MAGIC_NUMBER` and `PROTOCOL_VERSION`. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const OLD_PROTOCOL = 1001;
