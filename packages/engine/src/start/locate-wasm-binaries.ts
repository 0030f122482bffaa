import { inNode } from './in-node.js';

export type WasmLocation =
  | { readonly found: true /** Absent where the bundler serves the files. */; readonly folder?: string }
  | { readonly found: false; readonly reason: string };

/** The folder of the backend's .wasm files in its installed package, whatever the working directory. */
export async function locateWasmBinaries(): Promise<WasmLocation> {
  if (!inNode()) return { found: true };
  const [{ createRequire }, { existsSync }, { dirname, join, sep }] = await Promise.all([
    import('node:module'),
    import('node:fs'),
    import('node:path'),
  ]);
  try {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    const folder = join(dirname(entry), 'dist') + sep;
    const binary = join(folder, 'tfjs-backend-wasm-simd.wasm');
    if (existsSync(binary)) return { found: true, folder };
    return { found: false, reason: `the file ${binary} is missing.` };
  } catch (cause) {
    return { found: false, reason: `@tensorflow/tfjs-backend-wasm cannot be found (${String(cause)}).` };
  }
}
