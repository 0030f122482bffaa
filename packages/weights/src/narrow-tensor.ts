import { EimError } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';

const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;

/**
 * A tensor's elements as 32-bit floats, which models compute with. F32, F16 and BF16 are passed on as they are;
 * F64 is rounded to the nearest, as PyTorch's `.float()` does; integers are taken where a float holds them
 * exactly (up to 2^24); BOOL becomes 0 and 1.
 * @throws EimError `invalid-data` for a finite F64 beyond F32's range and for an integer that would be rounded
 */
export function floatValues(tensor: WeightTensor): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  const floats = new Float32Array(data.length);
  const doubles = data instanceof Float64Array;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    floats[i] = value;
    const lost = doubles ? Number.isFinite(value) && !Number.isFinite(floats[i]!) : floats[i] !== value;
    if (lost) throw unfit(tensor, i, data[i]!, 'a 32-bit float cannot hold');
  }
  return floats;
}

/**
 * A tensor's elements as 32-bit integers, for ids and positions. Integers of any width are taken where they
 * lie between -2^31 and 2^31 - 1; none is wrapped or clamped.
 * @throws EimError `invalid-data` for an integer beyond int32 and for a tensor of floats
 */
export function integerValues(tensor: WeightTensor): Int32Array {
  const { data } = tensor;
  if (data instanceof Int32Array) return data;
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new EimError({
      code: 'invalid-data',
      message: `Tensor "${tensor.name}" holds ${tensor.dtype}, where integers are needed.`,
      data: { name: tensor.name, dtype: tensor.dtype },
    });
  }
  const integers = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value < INT32_MINIMUM || value > INT32_MAXIMUM) throw unfit(tensor, i, value, 'int32 cannot hold');
    integers[i] = Number(value);
  }
  return integers;
}

function unfit({ name, dtype }: WeightTensor, at: number, value: number | bigint, why: string): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `Tensor "${name}" (${dtype}) holds ${value} at index ${at}, which ${why}.`,
    advice: 'Use its array as it is, or save it in the type that is needed.',
    data: { name, dtype, index: at, value: String(value) },
  });
}
