import { defineCommand } from '../command/define-command.js';
import { BENCH_DETAILS, BENCH_OPTIONS, benchExperiment } from './bench-experiment.js';

export const benchAblationCommand = defineCommand({
  name: 'bench ablation',
  summary: 'Train each measure alone and together, at equal compute, and tabulate what it brings.',
  details: BENCH_DETAILS,
  arguments: [
    {
      name: 'EXPERIMENT',
      description: 'an experiment file (default: experiments/ablation.yaml)',
      optional: true,
    },
  ],
  options: BENCH_OPTIONS,
  examples: [
    { command: 'eim bench ablation --dry-run', meaning: 'see what there is to do, and how long it takes' },
    { command: 'eim bench ablation --limit-minutes 60', meaning: 'go on for an hour' },
  ],
  run: (invocation) => benchExperiment(invocation.positionals[0] ?? 'experiments/ablation.yaml', invocation),
});
