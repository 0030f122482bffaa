export type { OpenedWeights } from '../published/opened-weights.js';
export { openFile } from './open-file.js';
export {
  type FoundOnDisk,
  type OpenPublishedOptions,
  openPublishedWeights,
} from './open-published-weights.js';
export { openWeights } from './open-weights.js';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsContents,
  writeSafetensorsFile,
} from './safetensors-on-disk.js';
export { storageError } from './storage-error.js';
export { type FileContents, syncFolder, writeFileAtomically } from './write-file-atomically.js';
