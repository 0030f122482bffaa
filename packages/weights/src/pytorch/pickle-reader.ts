const LONGEST_INTEGER_BYTES = 1024;

/** Bytes of a pickle from front to back; every read is checked against their end. */
export class PickleReader {
  /** What is said at the end of the bytes. */
  static readonly CUT_OFF = 'it is cut off';

  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.at;
  }

  /** Moves on by `count` bytes. @returns the position before @throws RangeError at the end */
  private take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new RangeError(PickleReader.CUT_OFF);
    this.at += count;
    return from;
  }

  byte(): number {
    return this.bytes[this.take(1)]!;
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  /** Big-endian, alone among a pickle's numbers. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  slice(length: number): Uint8Array {
    const from = this.take(length);
    return this.bytes.subarray(from, from + length);
  }

  /** Python lets lone surrogates through, which no name of a tensor has; they become U+FFFD. */
  text(length: number): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.slice(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new RangeError(PickleReader.CUT_OFF);
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  /** Two's complement, little-endian; a number where one can hold it. */
  long(length: number): number | bigint {
    if (length > LONGEST_INTEGER_BYTES) throw new RangeError(`it has an integer of ${length} bytes`);
    const bytes = this.slice(length);
    let digits = '';
    for (const byte of bytes) digits = byte.toString(16).padStart(2, '0') + digits;
    const value = BigInt.asIntN(8 * length, digits === '' ? 0n : BigInt(`0x${digits}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}
