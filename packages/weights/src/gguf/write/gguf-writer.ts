import type { ExportedGgufValue } from '@eim/contracts';

/** Numbers of GGUF's types of values (ggml-org/ggml, docs/gguf.md). */
const TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

/** Writes the little-endian values of a GGUF header, one behind the other. */
export class GgufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint32(value: number): void {
    this.#fixed(4, (view) => view.setUint32(0, value, true));
  }

  uint64(value: number): void {
    this.#fixed(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.uint64(bytes.length);
    this.#add(bytes);
  }

  /** A value behind the number of its type. */
  value(value: ExportedGgufValue): void {
    switch (value.type) {
      case 'strings':
        this.#array(TYPES.string, value.value.length);
        for (const text of value.value) this.text(text);
        return;
      case 'float32s':
        this.#array(TYPES.float32, value.value.length);
        this.#add(bytesOf(Float32Array.from(value.value)));
        return;
      case 'int32s':
        this.#array(TYPES.int32, value.value.length);
        this.#add(bytesOf(Int32Array.from(value.value)));
        return;
    }
    this.uint32(TYPES[value.type]);
    if (value.type === 'string') this.text(value.value);
    else if (value.type === 'bool') this.#add(Uint8Array.of(Number(value.value)));
    else if (value.type === 'float32') this.#fixed(4, (view) => view.setFloat32(0, value.value, true));
    else if (value.type === 'int32') this.#fixed(4, (view) => view.setInt32(0, value.value, true));
    else this.uint32(value.value);
  }

  /** Zeros up to a multiple of `alignment`. */
  align(alignment: number): void {
    this.#add(new Uint8Array((alignment - (this.#length % alignment)) % alignment));
  }

  finished(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  #array(type: number, length: number): void {
    this.uint32(TYPES.array);
    this.uint32(type);
    this.uint64(length);
  }

  #fixed(size: number, set: (view: DataView) => void): void {
    const bytes = new Uint8Array(size);
    set(new DataView(bytes.buffer));
    this.#add(bytes);
  }

  #add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }
}

const bytesOf = ({ buffer }: Float32Array | Int32Array): Uint8Array => new Uint8Array(buffer);
