import { EimError } from '@eim/contracts';
import type { EngineName } from '@eim/engine';
import type { SelfTestReport } from '@eim/engine/node';
import { argumentError, ENGINE_NAMES } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const engineSelftestCommand = defineCommand({
  name: 'engine selftest',
  summary: 'Check every operation of an engine against float64, forward and backward, and measure its speed.',
  details: `Fails if an operation is wrong or the engine does not start; it never falls back on another engine.`,
  arguments: [{ name: 'NAME', description: ENGINE_NAMES.join(', ') }],
  options: {
    json: JSON_OPTION,
    quick: { type: 'flag', description: 'only start it and measure matrix products' },
    threads: { type: 'integer', placeholder: 'N', description: 'threads to run on', minimum: 1 },
  },
  examples: [
    { command: 'eim engine selftest node-gpu --json', meaning: 'check the engine of an NVIDIA GPU' },
  ],
  async run({ positionals: [name], options, terminal }) {
    if (!ENGINE_NAMES.includes(name as EngineName))
      throw argumentError(`There is no engine "${name}".`, `Choose one of ${ENGINE_NAMES.join(', ')}.`);
    const engine = name as EngineName;
    const { threads, json, quick } = options;
    const { productRates, selfTestEngine } = await import('@eim/engine/node');
    if (quick) {
      const { startEngine } = await import('@eim/engine');
      const started = await startEngine({ engine, ...(threads !== undefined && { threads }) });
      const document = { engine: started, products: await productRates() };
      printResult(terminal, json, { document, text: () => `${engine} starts on ${started.device}.` });
      return;
    }
    const report = await selfTestEngine(engine, threads);
    printResult(terminal, json, { document: report, text: () => describe(report) });
    if (report.passed) return;
    const [first] = report.problems;
    throw new EimError({
      code: 'invariant-violated',
      message: `${report.problems.length} of ${report.cases} cases fail on '${name}'; the first: ${first!.case}: ${first!.problem}.`,
      advice: 'Use another engine, and report this with what the command prints.',
    });
  },
});

function describe({ engine, cases, problems, largestError, products }: SelfTestReport): string {
  const { plain, secondTransposed, firstTransposed } = products;
  return [
    `${engine.name}: ${engine.device}, ${engine.threads} threads`,
    `${cases - problems.length} of ${cases} cases agree with float64; largest relative error ${largestError.toExponential(1)}`,
    ...problems.map(({ case: name, problem }) => `  ✗ ${name}: ${problem}`),
    `Products A B, A B^T, A^T B: ${plain}, ${secondTransposed}, ${firstTransposed} GFLOP/s`,
  ].join('\n');
}
