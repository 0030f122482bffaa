import { EimError } from '@eim/contracts';
import type { InstallableEngine } from '@eim/engine/node';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

const INSTALLABLE: readonly InstallableEngine[] = ['node', 'node-gpu'];

export const engineInstallCommand = defineCommand({
  name: 'engine install',
  summary: 'Build the engine node or node-gpu on TensorFlow 2.21, for all projects of this user.',
  details: `Uses the TensorFlow of --tensorflow, or one that Python can import, or downloads its wheel with pip (270 MB;
node-gpu 572 MB). Compiles the binding of @tensorflow/tfjs-node with g++ (about 20 seconds), tries it, and puts it
into EIM_ENGINES, else ~/.cache/eim/engines. What was there stays until the new one has passed its test.`,
  arguments: [{ name: 'NAME', description: INSTALLABLE.join(' or ') }],
  options: {
    json: JSON_OPTION,
    tensorflow: {
      type: 'text',
      placeholder: 'PATH',
      description: 'an installed TensorFlow: its folder, a virtual environment, or a Python',
    },
    python: {
      type: 'text',
      placeholder: 'PYTHON',
      description: 'the Python whose TensorFlow or pip to use (default: python3)',
    },
  },
  examples: [
    { command: 'eim engine install node', meaning: 'TensorFlow on the processor' },
    { command: 'eim engine install node-gpu --tensorflow ~/venv', meaning: 'on an NVIDIA GPU' },
  ],
  async run({ positionals: [name], options, terminal, signal }) {
    const engine = INSTALLABLE.find((one) => one === name);
    if (!engine)
      throw argumentError(
        `"${name}" cannot be installed.`,
        `Install ${INSTALLABLE.join(' or ')}; the others come with npm.`,
      );
    const { installEngine } = await import('@eim/engine/node');
    const { runSelf } = await import('../engines/run-self.js');
    const { tensorflow, python } = options;
    const record = await installEngine({
      engine,
      ...(tensorflow !== undefined && { tensorflow }),
      ...(python !== undefined && { python }),
      note: (text) => terminal.stderr.write(`${text}\n`),
      signal,
      selfTest: async (engines) => {
        await runSelf(['engine', 'selftest', engine], { EIM_ENGINES: engines, EIM_ENGINE: '' }, signal).catch(
          (error: unknown) => {
            if (engine === 'node-gpu' && seesNoGpu(error)) {
              terminal.stderr.write(
                `${(error as Error).message}\nIt is installed nevertheless: it loads, and only a GPU is missing.\n`,
              );
              return;
            }
            throw error;
          },
        );
      },
    });
    printResult(terminal, options.json, {
      document: record,
      text: () => `Installed ${engine} on TensorFlow ${record.tensorflow} (${record.libraries}).`,
    });
  },
});

/** A GPU engine may be built on a machine without one, such as a login node. */
function seesNoGpu(error: unknown): boolean {
  return EimError.isInstance(error) && error.message.includes('was loaded but sees no GPU');
}
