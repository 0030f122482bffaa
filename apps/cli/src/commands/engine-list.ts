import { defineCommand } from '../command/define-command.js';
import type { MeasuredEngine } from '../engines/measured-engines.js';
import { printResult } from '../output.js';
import { Progress } from '../progress/progress.js';
import { JSON_OPTION } from './options.js';

export const engineListCommand = defineCommand({
  name: 'engine list',
  summary: 'Start every engine and say what it does here: speed, or why it does not start.',
  details:
    'GFLOP/s are measured on square matrix products A B, A B^T and A^T B, the three that training needs.',
  arguments: [],
  options: { json: JSON_OPTION },
  examples: [{ command: 'eim engine list', meaning: 'see which engine is the fastest' }],
  async run({ options, terminal, signal }) {
    const { measuredEngines } = await import('../engines/measured-engines.js');
    const progress = new Progress(terminal);
    const engines = await measuredEngines(signal, (done, total, name) =>
      progress.update({ label: `trying ${name}`, done, total }),
    ).finally(() => progress.finish());
    printResult(terminal, options.json, { document: { engines }, text: () => describe(engines) });
  },
});

function describe(engines: readonly MeasuredEngine[]): string {
  const width = Math.max(...engines.map(({ name }) => name.length));
  return engines
    .map(({ name, starts, reason, advice, threads, products }) => {
      const rates =
        products &&
        `${products.plain} / ${products.secondTransposed} / ${products.firstTransposed} GFLOP/s, ${threads} threads.`;
      return `${starts ? '✓' : '✗'} ${name.padEnd(width)}  ${[reason, rates, advice].filter(Boolean).join(' ')}`;
    })
    .join('\n');
}
