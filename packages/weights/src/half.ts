/**
 * IEEE 754 binary16 and bfloat16 to and from float32. Widening is exact; narrowing rounds to the nearest,
 * ties to even, as PyTorch and NumPy do.
 */

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** All 65,536 halves: a look-up is several times faster than taking bits apart for each weight. */
const halfTable = makeHalfTable();

function makeHalfTable(): Float32Array {
  const table = new Float32Array(0x10000);
  for (let bits = 0; bits < 0x8000; bits++) {
    table[bits] = widenHalf(bits);
    table[bits + 0x8000] = -table[bits]!;
  }
  return table;
}

/** @param bits of a half that is not negative */
function widenHalf(bits: number): number {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return fraction / 2 ** 24;
  scratchBits[0] = ((exponent + 112) << 23) | (fraction << 13);
  return scratchFloat[0]!;
}

/** The half whose two little-endian bytes begin at `at`. */
export const halfAt = (bytes: Uint8Array, at: number): number =>
  halfTable[bytes[at]! | (bytes[at + 1]! << 8)]!;

/** @param bits binary16 patterns @param floats as many */
export function widenHalves(bits: Uint16Array, floats: Float32Array): void {
  for (let i = 0; i < bits.length; i++) floats[i] = halfTable[bits[i]!]!;
}

/** @param bits binary16 patterns */
export function halvesToFloats(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  widenHalves(bits, floats);
  return floats;
}

function narrowToHalf(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and above round to infinity
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24, and adding 0.5 puts a float's last bit exactly there.
    scratchFloat[0] = Math.abs(scratchFloat[0]!) + 0.5;
    return sign | (scratchBits[0]! - 0x3f000000);
  }
  const roundToEven = 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((magnitude - 0x38000000 + roundToEven) >>> 13);
}

/** @returns binary16 patterns */
export function floatsToHalves(floats: Float32Array): Uint16Array {
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) bits[i] = narrowToHalf(floats[i]!);
  return bits;
}

/** @param bits bfloat16 patterns: the upper halves of floats @param floats as many */
export function widenBfloats(bits: Uint16Array, floats: Float32Array): void {
  const floatBits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  for (let i = 0; i < bits.length; i++) floatBits[i] = bits[i]! << 16;
}

/** @param bits bfloat16 patterns */
export function bfloatsToFloats(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  widenBfloats(bits, floats);
  return floats;
}

/** @returns bfloat16 patterns */
export function floatsToBfloats(floats: Float32Array): Uint16Array {
  const floatBits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const pattern = floatBits[i]!;
    const notANumber = (pattern & 0x7fffffff) > 0x7f800000;
    const roundToEven = 0x7fff + ((pattern >>> 16) & 1);
    bits[i] = notANumber ? (pattern >>> 16) | 0x40 : (pattern + roundToEven) >>> 16;
  }
  return bits;
}
