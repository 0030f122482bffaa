import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { EimError } from '@eim/contracts';
import {
  BINDING_VERSION,
  type EngineRecord,
  type InstallableEngine,
  NODE_API_VERSION,
  recordFile,
  TENSORFLOW_VERSION,
  thisPlatform,
} from '../installed/engine-record.js';
import { enginesFolder, TENSORFLOW_LIBRARY } from '../installed/find-installed-engine.js';
import { findAdditions } from './additions.js';
import { compileBinding } from './compile-binding.js';
import { fetchBindingSources } from './fetch-binding-sources.js';
import { fetchTensorFlow } from './fetch-tensorflow.js';
import { type FoundTensorFlow, tensorFlowAt, tensorFlowOf } from './find-tensorflow.js';
import { placeBackend } from './place-backend.js';
import { removeLeftovers, STAGING } from './remove-leftovers.js';

export interface InstallOptions {
  readonly engine: InstallableEngine;
  /** A TensorFlow that is there: its folder, a virtual environment, or a Python. Absent: searched for, then fetched. */
  readonly tensorflow?: string;
  /** Whose TensorFlow, or else whose pip, is used. @default python3 */
  readonly python?: string;
  /** Where engines go. @default {@link enginesFolder} */
  readonly engines?: string;
  /**
   * Tries the new engine, in a process of its own with EIM_ENGINES set to the folder that it is given. What it
   * throws ends the install.
   */
  readonly selfTest: (engines: string) => Promise<void>;
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Builds an engine beside those that are there and puts it in its place only when it has passed its self-test:
 * a stopped or failed install leaves what was there before.
 */
export async function installEngine(options: InstallOptions): Promise<EngineRecord> {
  const { engine, signal, note = () => {} } = options;
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new EimError({
      code: 'engine-unavailable',
      message: `'${engine}' can be installed on Linux (x64, arm64), not on ${thisPlatform()}.`,
      advice: 'Use the wasm engine, or the published package on the systems that it supports.',
    });
  }
  const engines = options.engines ?? enginesFolder();
  mkdirSync(engines, { recursive: true });
  removeLeftovers(engines, note);
  const staging = mkdtempSync(join(engines, `${STAGING}${process.pid}-`));
  try {
    const folder = join(staging, `${engine}-${basename(staging).slice(STAGING.length)}`);
    mkdirSync(folder);
    const tensorflow = await chooseTensorFlow(options, folder, note);
    const fetched = tensorflow.folder.startsWith(folder);
    note(`Compiling the binding against TensorFlow ${TENSORFLOW_VERSION} in ${tensorflow.folder} ...`);
    const sources = await fetchBindingSources(join(staging, 'sources'), signal);
    const additions = findAdditions();
    await compileBinding({
      sources,
      additions: additions.sources,
      folder,
      tensorflow: tensorflow.folder,
      libraryPath: fetched ? '$ORIGIN/../tensorflow' : tensorflow.folder,
      ...(signal && { signal }),
    });
    placeBackend(sources.packageFolder, folder);
    rmSync(join(staging, 'sources'), { recursive: true });
    const libraryBytes = statSync(join(tensorflow.folder, TENSORFLOW_LIBRARY)).size;
    const record = (libraries: string): EngineRecord => ({
      engine,
      folder: basename(folder),
      tensorflow: TENSORFLOW_VERSION,
      binding: BINDING_VERSION,
      libraries,
      libraryBytes,
      nodeApi: NODE_API_VERSION,
      platform: thisPlatform(),
      additions: additions.hash,
    });
    writeRecord(staging, record(tensorflow.folder));
    note('Trying it ...');
    await options.selfTest(staging);
    renameSync(folder, join(engines, basename(folder)));
    const installed = record(fetched ? join(engines, basename(folder), 'tensorflow') : tensorflow.folder);
    writeRecord(engines, installed);
    removeOlder(engines, installed);
    return installed;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function chooseTensorFlow(
  { engine, tensorflow, python = 'python3', signal }: InstallOptions,
  folder: string,
  note: (text: string) => void,
): Promise<FoundTensorFlow> {
  if (tensorflow !== undefined) return tensorFlowAt(tensorflow, signal);
  const found = await tensorFlowOf(python, signal);
  if (found?.version === TENSORFLOW_VERSION) return found;
  if (found)
    note(
      `${python} has TensorFlow ${found.version ?? 'of an unknown version'}; ${TENSORFLOW_VERSION} is needed.`,
    );
  return fetchTensorFlow({ engine, python, target: folder, note, ...(signal && { signal }) });
}

/** A record names a finished engine from the moment it has its name. */
function writeRecord(engines: string, record: EngineRecord): void {
  const file = recordFile(engines, record.engine);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
}

/** All earlier engines of a kind, but for one whose TensorFlow the new one runs on. */
function removeOlder(engines: string, { engine, folder, libraries }: EngineRecord): void {
  const ofThisEngine = new RegExp(`^${engine}-\\d+-`);
  for (const name of readdirSync(engines)) {
    if (!ofThisEngine.test(name) || name === folder) continue;
    const older = join(engines, name);
    if (!resolve(libraries).startsWith(`${resolve(older)}${sep}`)) {
      rmSync(older, { recursive: true, force: true });
    }
  }
}
