import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { metricSources } from '../command/metric-sources.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, METRIC_OPTIONS, THREADS_OPTION } from './options.js';

export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Join the shards of an evaluation and score the whole.',
  details: `Refuses shards of different evaluations, items that are answered twice or not at all, and data that have
changed since the answers were given. Writes answers, manifest, scores and reports.`,
  arguments: [
    { name: 'DIR', description: 'folders that `eim eval --shard i/n` wrote, one for each shard', many: true },
  ],
  options: {
    out: { type: 'text', placeholder: 'DIR', description: 'where to write' },
    ...METRIC_OPTIONS,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim merge shard-1 shard-2 --out whole',
      meaning: 'after `eim eval RUN --benchmark mme --data MME --shard 1/2 --out shard-1`, and 2/2',
    },
  ],
  async run(invocation) {
    const { positionals, options, terminal } = invocation;
    const { out, json } = options;
    if (out === undefined) throw argumentError('--out is needed.', 'Write --out DIR.');
    const sources = metricSources(options, terminal);
    const { mergeShards } = await import('@eim/runs');
    const { outcomeDocument, outcomeText } = await import('../text/benchmark-outcome-text.js');
    const outcome = await withContext(invocation, (context) =>
      mergeShards(positionals, { ...sources, ...context, out }),
    );
    printResult(terminal, json, {
      document: outcomeDocument(outcome),
      text: () => outcomeText(outcome),
    });
  },
});
