import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { BENCH_DETAILS, BENCH_OPTIONS, benchExperiment } from './bench-experiment.js';

export const benchHeadlineCommand = defineCommand({
  name: 'bench headline',
  summary: 'Train a small model in segments against one of about three times its size.',
  details: `Reads experiments/headline-<pair>.yaml, which gives both sizes; nothing is trained unless their parameters have the
ratio that it names. ${BENCH_DETAILS}`,
  arguments: [],
  options: {
    pair: {
      type: 'text',
      placeholder: 'NAME',
      description: 'the pair of models: A, from scratch, or B, behind a frozen encoder (default: A)',
    },
    ...BENCH_OPTIONS,
  },
  examples: [
    {
      command: 'eim bench headline --pair A --seeds 1 --dry-run',
      meaning: 'see what one seed costs and how long it takes',
    },
  ],
  async run(invocation) {
    const { pair = 'A' } = invocation.options;
    if (!/^[A-Za-z0-9]+$/.test(pair))
      throw argumentError(`--pair takes a name such as A, got "${pair}".`, 'Write --pair A.');
    await benchExperiment(`experiments/headline-${pair.toLowerCase()}.yaml`, invocation);
  },
});
