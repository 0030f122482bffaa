import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE_API_VERSION } from '../installed/engine-record.js';
import { bindingFile } from '../installed/find-installed-engine.js';
import type { BindingSources } from './fetch-binding-sources.js';
import { runTool } from './run-tool.js';

export interface CompileRequest {
  readonly sources: BindingSources;
  /** The folder `tensorflow` of a wheel. */
  readonly tensorflow: string;
  /** The C++ files of native/tensorflow. */
  readonly additions: readonly string[];
  /** The engine's folder. */
  readonly folder: string;
  /** Where the binding looks for the libraries: absolute, or from `$ORIGIN`. */
  readonly libraryPath: string;
  readonly signal?: AbortSignal;
}

/** Compiles the binding and our additions to it into one file; about 20 seconds. */
export async function compileBinding(request: CompileRequest): Promise<void> {
  const { sources, tensorflow, additions, folder, libraryPath, signal } = request;
  const output = bindingFile(folder);
  const binding = join(sources.packageFolder, 'binding');
  mkdirSync(dirname(output), { recursive: true });
  await runTool({
    command: process.env.CXX || 'g++',
    args: [
      ...[
        ...[
          '-std=c++17',
          '-O3',
          '-fopenmp-simd',
          '-fno-trapping-math',
          '-fPIC',
          '-shared',
          '-fno-access-control',
        ],
        '-DEIGEN_MAX_ALIGN_BYTES=64', // as the wheel's own libraries were built
        `-DNAPI_VERSION=${NODE_API_VERSION}`,
      ],
      ...['-I', binding, '-I', sources.nodeHeaders, '-isystem', join(tensorflow, 'include')],
      ...[...additions, join(binding, 'tfjs_backend.cc'), '-o', output],
      ...['-L', tensorflow, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-ldl'],
      ...['-lpthread', `-Wl,-rpath,${libraryPath}`],
    ],
    ...(signal && { signal }),
    doing: 'compiling the binding',
    missing: "Install a C++ compiler ('apt-get install g++'), or name one in CXX.",
    advice: 'Check that the compiler knows C++17, and that the TensorFlow is an unchanged wheel.',
  });
}
