/** More of the file is needed than was read so far. */
export class NeedsMoreBytes extends Error {}

type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;
type NumberArrayClass = { new (buffer: ArrayBuffer): NumberArray; readonly BYTES_PER_ELEMENT: number };

/** By GGUF's number of a value type (gguf.md, `gguf_metadata_value_type`); strings are 8 and arrays 9. */
const NUMBERS: Readonly<Record<number, NumberArrayClass>> = {
  0: Uint8Array,
  1: Int8Array,
  2: Uint16Array,
  3: Int16Array,
  4: Uint32Array,
  5: Int32Array,
  6: Float32Array,
  7: Uint8Array, // boolean
  10: BigUint64Array,
  11: BigInt64Array,
  12: Float64Array,
};
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes of a text that is short, and memory for its signs. */
const SHORT_BYTES = 32;
const UNITS = new Uint16Array(SHORT_BYTES);
const BOOLEAN = 7;
const STRING = 8;
const ARRAY = 9;
const DEEPEST = 4;

/** The beginning of a GGUF file from front to back. */
export class GgufReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.at;
  }

  /** @throws NeedsMoreBytes */
  private take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new NeedsMoreBytes();
    this.at += count;
    return from;
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** Counts and offsets beyond 2^53 become inexact, but stay beyond any file. */
  uint64(): number {
    const from = this.take(8);
    return this.view.getUint32(from, true) + 2 ** 32 * this.view.getUint32(from + 4, true);
  }

  text(): string {
    const length = this.uint64();
    const from = this.take(length);
    return this.shortText(from, length) ?? DECODER.decode(this.bytes.subarray(from, from + length));
  }

  /**
   * Most tokens of a vocabulary are a few letters, which a decoder takes long to start on.
   * @returns undefined for a long text, and for bytes that are not signs of one or two bytes
   */
  private shortText(from: number, length: number): string | undefined {
    if (length > SHORT_BYTES) return undefined;
    let count = 0;
    for (let at = from; at < from + length; at++) {
      let unit = this.bytes[at]!;
      if (unit > 0x7f) {
        const next = at + 1 < from + length ? this.bytes[at + 1]! : 0;
        // 0xc0 and 0xc1 would begin a sign that is written shorter
        if (unit < 0xc2 || unit > 0xdf || next >> 6 !== 2) return undefined;
        unit = ((unit & 31) << 6) | (next & 63);
        at++;
      }
      UNITS[count++] = unit;
    }
    return String.fromCharCode.apply(null, UNITS.subarray(0, count) as unknown as number[]);
  }

  /**
   * A metadata value: numbers and booleans; 64-bit integers as bigint where a number cannot hold them; strings;
   * arrays of numbers as typed arrays, other arrays as lists.
   * @throws RangeError for an unknown type
   */
  value(type: number, depth = 0): unknown {
    if (type === STRING) return this.text();
    if (type === ARRAY) return this.array(depth + 1);
    const [value] = this.numbers(type, 1);
    if (type === BOOLEAN) return value !== 0;
    return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  /**
   * As {@link value}, but strings of an array are passed over, and decoded once they are asked for: who loads tensors
   * does not pay for the vocabulary before them.
   */
  laterValue(type: number): () => unknown {
    const from = this.at;
    const isTexts = type === ARRAY && this.uint32() === STRING;
    if (isTexts) {
      for (let count = this.uint64(); count > 0; count--) this.take(this.uint64());
      let texts: unknown;
      return () => {
        texts ??= new GgufReader(this.bytes, from).value(type);
        return texts;
      };
    }
    this.at = from;
    const value = this.value(type);
    return () => value;
  }

  private array(depth: number): unknown {
    if (depth > DEEPEST) throw new RangeError(`its metadata is nested more than ${DEEPEST} deep`);
    const type = this.uint32();
    const count = this.uint64();
    if (type !== STRING && type !== ARRAY) return this.numbers(type, count);
    // The shortest string or array takes eight bytes.
    if (8 * count > this.bytes.length - this.at) throw new NeedsMoreBytes();
    return Array.from({ length: count }, () => this.value(type, depth));
  }

  private numbers(type: number, count: number): NumberArray {
    const ArrayClass = Object.hasOwn(NUMBERS, type) ? NUMBERS[type] : undefined;
    if (!ArrayClass) throw new RangeError(`its metadata has a value of the unknown type ${type}`);
    const from = this.take(count * ArrayClass.BYTES_PER_ELEMENT);
    return new ArrayClass(this.bytes.slice(from, this.at).buffer as ArrayBuffer);
  }
}
