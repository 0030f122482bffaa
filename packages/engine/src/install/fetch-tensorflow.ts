import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { type InstallableEngine, TENSORFLOW_VERSION } from '../installed/engine-record.js';
import type { FoundTensorFlow } from './find-tensorflow.js';
import { runTool } from './run-tool.js';

/** The wheel of each engine; sizes of its Linux files, download and what is kept of it, in MB. */
export const WHEELS: Readonly<
  Record<InstallableEngine, { readonly name: string; readonly download: number; readonly kept: number }>
> = {
  node: { name: `tensorflow-cpu==${TENSORFLOW_VERSION}`, download: 270, kept: 915 },
  'node-gpu': { name: `tensorflow==${TENSORFLOW_VERSION}`, download: 572, kept: 1320 },
};

/** Of the wheel only the libraries are needed, and the headers of the C interface and of kernels. */
const EXTRACT = `import sys, zipfile
wheel, target = sys.argv[1:]
headers = ('absl', 'Eigen', 'unsupported', 'google', 'ml_dtypes', 'tsl', 'xla/tsl', 'tensorflow/c', 'tensorflow/core')
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2',
          'tensorflow/THIRD_PARTY_NOTICES.txt', *(f'tensorflow/include/{name}/' for name in headers))
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(target, [name for name in archive.namelist() if name.startswith(wanted)])`;

export interface FetchRequest {
  readonly engine: InstallableEngine;
  readonly python: string;
  /** The wheel's folder `tensorflow` comes to lie in here. */
  readonly target: string;
  readonly note: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Downloads the wheel with the user's pip and keeps the part of it that is needed. */
export async function fetchTensorFlow(request: FetchRequest): Promise<FoundTensorFlow> {
  const { engine, python, target, note } = request;
  const { name, download, kept } = WHEELS[engine];
  requireSpace(target, download + kept);
  note(`Downloading ${name} with pip: about ${download} MB, of which ${kept} MB are kept unpacked ...`);
  const signal = request.signal && { signal: request.signal };
  await runTool({
    command: python,
    args: ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--dest', target, name],
    env: { ...process.env, TMPDIR: target },
    ...signal,
    doing: 'downloading TensorFlow',
    missing: 'Install Python 3 with pip, or give a TensorFlow that is there already with --tensorflow.',
    advice:
      'Its wheels exist for Python 3.10 to 3.13 with pip: name such a Python with --python, or give a TensorFlow that is there already with --tensorflow.',
  });
  const wheel = readdirSync(target).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) {
    throw new EimError({ code: 'engine-unavailable', message: 'pip downloaded no wheel of TensorFlow.' });
  }
  note('Unpacking ...');
  await runTool({
    command: python,
    args: ['-c', EXTRACT, join(target, wheel), target],
    ...signal,
    doing: 'unpacking TensorFlow',
    missing: 'Install Python 3.',
    advice: 'Try again.',
  });
  rmSync(join(target, wheel));
  return { folder: join(target, 'tensorflow'), version: TENSORFLOW_VERSION };
}

function requireSpace(folder: string, megabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new EimError({
    code: 'storage-failed',
    message: `${folder} has ${free} MB free where TensorFlow needs ${megabytes} MB.`,
    advice: 'Free some space, name another folder in EIM_ENGINES, or give a TensorFlow with --tensorflow.',
    data: { folder, free, needed: megabytes },
  });
}
