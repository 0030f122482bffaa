export { openFile } from './open-file.js';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsContents,
  writeSafetensorsFile,
} from './safetensors-on-disk.js';
export { type FileContents, writeFileAtomically } from './write-file-atomically.js';
