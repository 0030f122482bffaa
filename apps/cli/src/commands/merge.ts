import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { printResult } from '../output.js';
import { metricSources } from '../scoring/metric-sources.js';
import { ENGINE_OPTION, JSON_OPTION, METRIC_OPTIONS } from './options.js';

export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Join the shards of an evaluation and score the whole.',
  details: `Refuses shards of different evaluations, items that are answered twice or not at all, and data that have
changed since. Writes answers, manifest, scores and reports.`,
  arguments: [{ name: 'DIR', description: 'what `eim eval --shard i/n` wrote, all of it', many: true }],
  options: {
    out: { type: 'text', placeholder: 'DIR', description: 'where to write' },
    ...METRIC_OPTIONS,
    engine: ENGINE_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim merge shard-1 shard-2 --out whole',
      meaning: 'after `eim eval RUN --benchmark mme --data MME --shard 1/2 --out shard-1`, and 2/2',
    },
  ],
  async run({ positionals, options: { out, json, ...options }, terminal, signal }) {
    if (out === undefined) throw usageError('--out is needed.', 'Write --out DIR.');
    const { mergeShards } = await import('../benchmarking/merge-shards.js');
    const { outcomeDocument, outcomeText } = await import('../benchmarking/outcome-text.js');
    const outcome = await mergeShards(positionals, {
      out,
      sources: metricSources(options, { terminal, signal }),
    });
    printResult(terminal, json, {
      document: outcomeDocument(outcome),
      text: () => outcomeText(outcome),
    });
  },
});
