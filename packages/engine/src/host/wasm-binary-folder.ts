import { EimError } from '@eim/contracts';
import { host } from '#host';

/**
 * The folder of the wasm backend's .wasm files on this machine, which are to be served where `startEngine` of a browser looks for
 * them (`wasmFolder`).
 * @throws EimError `engine-unavailable` where they are not installed
 * @example
 * cpSync(wasmBinaryFolder(), 'site/wasm', { recursive: true, filter: (path) => !path.endsWith('.js') });
 */
export function wasmBinaryFolder(): string {
  const location = host.locateWasmBinaries();
  if (location.found && location.files) return location.files.folder;
  throw new EimError({
    code: 'engine-unavailable',
    message: location.found ? 'Only in Node are the files on a disk.' : location.reason,
    advice: 'Reinstall @tensorflow/tfjs-backend-wasm, which brings the files.',
  });
}
