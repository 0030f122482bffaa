export {
  type CaptionFeatures,
  type FeatureCaption,
  readCaptionFeatures,
} from './caption-features/read-caption-features.js';
export { captionFeaturesBytes } from './caption-features/write-caption-features.js';
export { CombinedWeights } from './combined-weights.js';
export {
  BYTES_PER_ELEMENT,
  type Dtype,
  type DtypeArray,
  type TensorData,
  type WeightTensor,
} from './dtype.js';
export {
  type GgufStoredTensor,
  type GgufStoredType,
  ggufBlockElements,
  ggufStoredBytes,
  storedGgufChunks,
} from './gguf/write/stored-tensor.js';
export { GGUF_ENCODINGS, type GgufEncoding, ggufChunks } from './gguf/write/write-gguf.js';
export { bfloatsToFloats, floatsToHalves, halvesToFloats } from './half.js';
export { ConfigReader } from './mapping/config-reader.js';
export { distinguishFamily, type FamilyDifference, familyName } from './mapping/family-difference.js';
export { type FoldedConvolution, foldedConvolution } from './mapping/folded-convolution.js';
export {
  type FoldedInvertedResiduals,
  foldedInvertedResiduals,
  type NormedConvolution,
} from './mapping/folded-inverted-residuals.js';
export { HUGGING_FACE_FOREIGN_FIELDS, HUGGING_FACE_NEUTRAL_FIELDS } from './mapping/hugging-face-fields.js';
export {
  mapWeights,
  type WeightFilling,
  type WeightReceiver,
  type WeightTarget,
} from './mapping/map-weights.js';
export type { MatrixBlocks } from './mapping/matrix-blocks.js';
export { publishedTensors } from './mapping/published-tensors.js';
export { rotaryRow } from './mapping/rotary-row.js';
export { huggingFaceSpecialIds, type SpecialIds } from './mapping/special-ids.js';
export type { WeightFaults } from './mapping/weight-faults.js';
export { copied, joined, type LinearSource, permuted, placed, transposed } from './mapping/weight-rules.js';
export type { MappableWeights, SourceTensor, WeightRule, WeightsMap } from './mapping/weights-map.js';
export { bytesAsFloats, requireMemoryFor } from './memory-need.js';
export { findModel, ModelWeights } from './model/model-weights.js';
export { floatValues, integerValues } from './narrow-tensor.js';
export { openWeightFile } from './open-weight-file.js';
export { type LoraFolder, loraOfChange } from './peft/lora-of-change.js';
export { withLora } from './peft/with-lora.js';
export type { ProcessorTypeName } from './preprocessing/processor-type.js';
export { readChannels } from './preprocessing/read-channels.js';
export { type ReadImageProcessorOptions, readImageProcessor } from './preprocessing/read-image-processor.js';
export { type OpenNamed, openWeightFiles } from './published/open-weight-files.js';
export { type OpenedWeights, openedWeights, type WeightsFacts } from './published/opened-weights.js';
export { pytorchChunks } from './pytorch/write/write-pytorch.js';
export { readZipDirectory, type ZipEntry, zipDataStart } from './pytorch/zip-directory.js';
export {
  QUANTISE_FORMATS,
  type QuantiseFormat,
  quantisedBytes,
  quantisedWeights,
} from './quantise/quantised-weights.js';
export type { QuantizedType } from './quantized-type.js';
export { bytesSource, type RandomAccessSource } from './random-access-source.js';
export { SafetensorsFile } from './safetensors-file.js';
export { readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.js';
export type { TensorInfo } from './safetensors-tensor.js';
export { readShardIndex, type ShardIndex } from './shard-index.js';
export { ShardedWeights } from './sharded-weights.js';
export { safeIntegers } from './tensor-data.js';
export type { UnreadEncoding } from './unread-encoding.js';
export type { ValueRun } from './value-runs.js';
export type { ModelPlace, TensorDescription, WeightFile, WeightFormat } from './weight-file.js';
export { safetensorsChunks, writeSafetensors } from './write-safetensors.js';
