import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { TENSORFLOW_VERSION } from '../installed/engine-record.js';
import { TENSORFLOW_LIBRARY } from '../installed/find-installed-engine.js';
import { runTool } from './run-tool.js';

/** A TensorFlow wheel's files as they lie in site-packages. */
export interface FoundTensorFlow {
  /** Holds the libraries and `include`. */
  readonly folder: string;
  /** Absent where nothing tells; the self-test asks the library itself. */
  readonly version?: string;
}

const WHERE = `import importlib.util as u
s = u.find_spec('tensorflow')
print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else '')`;

/** The TensorFlow that a Python can import, without importing it; undefined where it has none. */
export async function tensorFlowOf(
  python: string,
  signal?: AbortSignal,
): Promise<FoundTensorFlow | undefined> {
  const out = await runTool({
    command: python,
    args: ['-c', WHERE],
    ...(signal && { signal }),
    doing: 'looking for TensorFlow',
    missing: 'Install Python 3, or name one with --python.',
    advice: 'Name a Python with --python.',
  });
  const folder = out.trim().split('\n').at(-1) ?? '';
  return folder !== '' && existsSync(join(folder, TENSORFLOW_LIBRARY)) ? described(folder) : undefined;
}

/**
 * The TensorFlow that a path names: its own folder, a site-packages folder, a virtual environment, or a Python.
 * @throws EimError `invalid-argument` where there is none, or one of another version
 */
export async function tensorFlowAt(path: string, signal?: AbortSignal): Promise<FoundTensorFlow> {
  if (!existsSync(path)) {
    throw refused(`There is nothing at ${path}.`, 'Give the folder of an installed TensorFlow.');
  }
  const found = statSync(path).isDirectory()
    ? inFolder(path)
    : /^python/.test(basename(path))
      ? await tensorFlowOf(path, signal)
      : undefined;
  if (!found) {
    throw refused(
      `There is no TensorFlow at ${path}: neither it nor its site-packages hold ${TENSORFLOW_LIBRARY}.`,
      "Give the folder 'tensorflow' of an installed wheel, a virtual environment, or a Python.",
    );
  }
  if (found.version !== undefined && found.version !== TENSORFLOW_VERSION) {
    throw refused(
      `The TensorFlow at ${path} is ${found.version}; the binding is made for ${TENSORFLOW_VERSION}.`,
      `Install that with 'pip install tensorflow-cpu==${TENSORFLOW_VERSION}', or leave --tensorflow out.`,
    );
  }
  return found;
}

function inFolder(path: string): FoundTensorFlow | undefined {
  const library = join(path, 'lib');
  const environments = existsSync(library)
    ? readdirSync(library)
        .filter((name) => name.startsWith('python'))
        .map((name) => join(library, name, 'site-packages', 'tensorflow'))
    : [];
  const folder = [path, join(path, 'tensorflow'), ...environments].find((candidate) =>
    existsSync(join(candidate, TENSORFLOW_LIBRARY)),
  );
  return folder === undefined ? undefined : described(folder);
}

/** The version is in the name of the wheel's record beside it. */
function described(folder: string): FoundTensorFlow {
  const names = readdirSync(dirname(folder));
  const version = names.map((name) => WHEEL_RECORD.exec(name)?.[1]).find(Boolean);
  return version === undefined ? { folder } : { folder, version };
}

const WHEEL_RECORD = /^tensorflow(?:_cpu)?-([0-9][^-]*)\.dist-info$/;

function refused(message: string, advice: string): EimError {
  return new EimError({ code: 'invalid-argument', message, advice });
}
