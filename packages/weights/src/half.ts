/**
 * IEEE 754 binary16 and bfloat16 to and from float32. Widening is exact; narrowing rounds to the nearest,
 * ties to even, as PyTorch and NumPy do.
 */

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** All 65,536 halves: a look-up is several times faster than taking bits apart for each weight. */
let halfTable: Float32Array | undefined;

function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param bits binary16 patterns */
export function halvesToFloats(bits: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => widenHalf(pattern));
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = halfTable[bits[i]!]!;
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

/** @param bits bfloat16 patterns: the upper halves of floats */
export function bfloatsToFloats(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  const floatBits = new Uint32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) floatBits[i] = bits[i]! << 16;
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
