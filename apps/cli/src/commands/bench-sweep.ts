import { defineCommand } from '../command/define-command.js';
import { BENCH_DETAILS, BENCH_OPTIONS, benchExperiment } from './bench-experiment.js';

export const benchSweepCommand = defineCommand({
  name: 'bench sweep',
  summary: 'Train every arm of an experiment file with every seed, and tabulate the scores.',
  details: BENCH_DETAILS,
  arguments: [{ name: 'EXPERIMENT', description: 'an experiment file' }],
  options: BENCH_OPTIONS,
  examples: [
    { command: 'eim bench sweep experiments/tuning.yaml', meaning: 'train all that has no record yet' },
    {
      command: 'eim bench sweep my.yaml --only plain,words --seeds 1',
      meaning: 'train two arms with one seed',
    },
  ],
  run: (invocation) => benchExperiment(invocation.positionals[0]!, invocation),
});
