/** One field of a protocol buffers message. */
export interface ProtobufField {
  readonly number: number;
  /** Varints; NaN for other wire types. */
  readonly integer: number;
  /** Little-endian float; NaN for other wire types. */
  readonly float: number;
  /** Strings, messages and packed values; empty for other wire types. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * The fields of a message in their order (protobuf.dev, "Encoding").
 * @throws RangeError where the message is cut off or damaged
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const take = (count: number): number => {
    if (count > message.length - at) throw new RangeError('it is cut off');
    at += count;
    return at - count;
  };
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[take(1)]!;
      value |= BigInt(byte & 127) << shift;
      // Negative numbers are written as ten bytes of two's complement.
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('a number in it never ends');
  };
  while (at < message.length) {
    const key = varint();
    const field = { number: Math.floor(key / 8), integer: Number.NaN, float: Number.NaN, bytes: NOTHING };
    switch (key & 7) {
      case 0:
        yield { ...field, integer: varint() };
        break;
      case 1:
        take(8);
        yield field;
        break;
      case 2: {
        const length = varint();
        if (length < 0) throw new RangeError('a length in it is negative');
        const from = take(length);
        yield { ...field, bytes: message.subarray(from, from + length) };
        break;
      }
      case 5:
        yield { ...field, float: view.getFloat32(take(4), true) };
        break;
      default:
        throw new RangeError(`it has a field of the wire type ${key & 7}`);
    }
  }
}
