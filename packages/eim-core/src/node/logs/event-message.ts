/** Bytes of the protocol buffer `tensorflow.Event` (event.proto, summary.proto), as far as scalars need it. */
export function scalarEvent(
  step: number,
  wallTime: number,
  values: Readonly<Record<string, number>>,
): Uint8Array {
  const summary = Object.entries(values).map(([tag, value]) =>
    field(1, concatenate([field(1, text(tag)), [0x15], float32(value)])),
  );
  return concatenate([[0x09], float64(wallTime), [0x10], varint(step), field(5, concatenate(summary))]);
}

/** The first event of a file. */
export function versionEvent(wallTime: number): Uint8Array {
  return concatenate([[0x09], float64(wallTime), field(3, text('brain.Event:2'))]);
}

/** A field of a length and bytes. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return concatenate([[(number << 3) | 2], varint(bytes.length), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const text = (value: string) => new TextEncoder().encode(value);

function float32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

function concatenate(pieces: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.length;
  }
  return whole;
}
