import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_KEY } from '../native/load-installed-engine.js';

/**
 * Copies the backend's JavaScript beside its binding. It imports the union package @tensorflow/tfjs (294 MB) for
 * what is in tfjs-core alone: here it gets the tfjs-core that runs. The protocol buffers of its TensorBoard writer
 * are left out.
 */
export function placeBackend(packageFolder: string, folder: string): void {
  const backend = join(folder, 'backend');
  cpSync(join(packageFolder, 'dist'), backend, { recursive: true });
  writeFileSync(join(backend, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
  writeFileSync(join(backend, 'proto', 'api_pb.js'), 'module.exports = {};\n');
  for (const name of ['tfjs', 'tfjs-core']) {
    const stand = join(backend, 'node_modules', '@tensorflow', name);
    mkdirSync(stand, { recursive: true });
    writeFileSync(join(stand, 'index.js'), `module.exports = globalThis[Symbol.for('${CORE_KEY}')];\n`);
  }
}
