import { defineCommand } from '../command/define-command.js';
import type { Diagnosis } from '../doctor/diagnose.js';
import { printResult } from '../output.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Say which engines this machine has, and what to do about the others.',
  details: 'Starts the engine that commands would use. Fails if none starts.',
  arguments: [],
  options: { json: { type: 'flag', description: 'print one JSON document' } },
  examples: [
    { command: 'eim doctor', meaning: 'see what works here' },
    { command: 'EIM_ENGINE=node-gpu eim doctor', meaning: 'see why the GPU is not used' },
  ],
  async run({ options, terminal }) {
    const { diagnose } = await import('../doctor/diagnose.js');
    const { diagnosis, problem } = await diagnose(terminal);
    printResult(terminal, options.json, { document: diagnosis, text: () => describe(diagnosis) });
    if (problem) throw problem;
  },
});

function describe({ engine, device, engines, node, threads, cores, data }: Diagnosis): string {
  const width = Math.max(...engines.map(({ name }) => name.length));
  const lines = engines.map(({ name, ok, reason, advice }) =>
    `  ${ok ? '✓' : '✗'} ${name.padEnd(width)}  ${reason} ${advice}`.trimEnd(),
  );
  const found = data.captions.length > 0 ? data.captions.join(', ') : 'no captioned pictures';
  return [
    engine === null ? 'No engine starts.' : `Engine: ${engine} (${device}, ${threads} of ${cores} cores)`,
    `Node.js: ${node}`,
    'Engines, fastest first:',
    ...lines,
    data.folder === null ? 'Data: EIM_DATA is not set' : `Data: ${data.folder}: ${found}`,
  ].join('\n');
}
