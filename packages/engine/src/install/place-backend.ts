import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_KEY } from '../installed/load-installed-engine.js';

/** Files that call functions of `node:util` which Node 22 warns of and Node 23 took away. */
const USERS_OF_OLD_CHECKS = ['nodejs_kernel_backend.js', join('kernels', 'TopK.js')];
/** A package of ours beside them that has the two. */
const STAND_IN = 'old-checks';
const OLD_CHECKS =
  'exports.isArray = Array.isArray;\nexports.isNullOrUndefined = (value) => value == null;\n';

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
  const standIn = (name: string, program: string): void => {
    const folder = join(backend, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), program);
  };
  for (const name of ['tfjs', 'tfjs-core'])
    standIn(join('@tensorflow', name), `module.exports = globalThis[Symbol.for('${CORE_KEY}')];\n`);
  standIn(STAND_IN, OLD_CHECKS);
  for (const file of USERS_OF_OLD_CHECKS.map((name) => join(backend, name)).filter(existsSync))
    writeFileSync(file, readFileSync(file, 'utf8').replace('"util"', `"${STAND_IN}"`));
}
