export {
  BYTES_PER_ELEMENT,
  type Dtype,
  type DtypeArray,
  type TensorData,
  type WeightTensor,
} from './dtype.js';
export { bfloatsToFloats, floatsToBfloats, floatsToHalves, halvesToFloats } from './half.js';
export { bytesSource, type RandomAccessSource } from './random-access-source.js';
export { SafetensorsFile } from './safetensors-file.js';
export { readSafetensorsHeader, type SafetensorsHeader, type TensorInfo } from './safetensors-header.js';
export { safeIntegers } from './tensor-data.js';
export { safetensorsChunks, writeSafetensors } from './write-safetensors.js';
