import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { withThreads } from '../command/with-threads.js';
import { printResult } from '../output.js';
import { DECODING_OPTIONS, ENGINE_OPTION, JSON_OPTION, METRIC_OPTIONS, THREADS_OPTION } from './options.js';

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Score a run: on its own held-out pictures, or on a benchmark.',
  details: `Without --benchmark: captions the held-out pictures, and writes evaluation-<split>.json into the run, with every
caption, and its report.html anew.
With --benchmark: asks the model every item of the benchmark in --data and scores its answers as the official
program does. Answers are kept, so an evaluation that was stopped goes on where it was; --shard i/n asks every n-th
item alone, for \`eim merge\`; --workers N does so by N processes and merges them. Writes answers, a manifest of all that it depends on, scores.json, report.md and
report.html with the worst and the best items. What a benchmark lets choose is written name=value: split=val,
prompt=LaVIN.
Captions get METEOR and SPICE, and on a benchmark CLIPScore, where what these need is given; else they are absent, with
the reason.`,
  arguments: [
    { name: 'RUN', description: 'the folder of a run' },
    { name: 'name=value', description: 'options of the benchmark', many: true, optional: true },
  ],
  options: {
    split: {
      type: 'text',
      placeholder: 'NAME',
      description: "split to score (default: the config's, else test)",
    },
    ...DECODING_OPTIONS,
    beams: { ...DECODING_OPTIONS.beams, description: "beams; 1 is none (default: the config's)" },
    benchmark: {
      type: 'text',
      placeholder: 'NAME',
      description: 'coco-caption, scienceqa, mme, or one of a package: @acme/package/entry',
    },
    data: { type: 'text', placeholder: 'DIR', description: "folder of the benchmark's files and pictures" },
    shard: { type: 'text', placeholder: 'i/n', description: 'every n-th item alone, from the i-th on' },
    workers: {
      type: 'integer',
      placeholder: 'N',
      description: 'processes that answer a benchmark together, each on its part of the threads (default: 1)',
      minimum: 1,
    },
    out: {
      type: 'text',
      placeholder: 'DIR',
      description: 'where a benchmark writes (default: in the run)',
    },
    maxNewTokens: {
      type: 'integer',
      placeholder: 'N',
      description: "longest answer to a benchmark (default: the config's)",
      minimum: 1,
    },
    ...METRIC_OPTIONS,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim eval runs/demo-eim', meaning: 'score a run' },
    {
      command: 'eim eval runs/demo-eim --split val --beams 5 --json',
      meaning: 'another split, with beam search',
    },
    {
      command: 'eim eval runs/chat --benchmark scienceqa --data ScienceQA prompt=LaVIN',
      meaning: 'ScienceQA, asked in the words of LaVIN',
    },
  ],
  async run({ positionals: [run, ...words], options, terminal, signal }) {
    if (options.benchmark !== undefined) {
      const { evaluateBenchmark } = await import('../benchmarking/evaluate-benchmark.js');
      const { outcomeDocument, outcomeText } = await import('../benchmarking/outcome-text.js');
      const { evaluateByWorkers } = await import('../benchmarking/evaluate-by-workers.js');
      const request = {
        ...options,
        benchmark: options.benchmark,
        words: options.split === undefined ? words : [...words, `split=${options.split}`],
        terminal: withThreads(terminal, options.threads),
        signal,
      };
      const outcome =
        options.workers === undefined || options.workers === 1
          ? await evaluateBenchmark(run!, request)
          : await evaluateByWorkers(run!, options.workers, request);
      printResult(terminal, options.json, {
        document: outcomeDocument(outcome),
        text: () => outcomeText(outcome),
      });
      return;
    }
    if (words.length > 0) {
      throw usageError(`\`eim eval\` does not know "${words[0]}".`, 'name=value is for a --benchmark.');
    }
    const { evaluateRun } = await import('../evaluation/evaluate-run.js');
    const { captions, report, ...rest } = await evaluateRun(run!, {
      ...options,
      terminal: withThreads(terminal, options.threads),
      signal,
    });
    printResult(terminal, options.json, {
      document: { ...rest.scores, ...rest, report },
      text: () =>
        [
          ...Object.entries(rest.scores).map(([metric, score]) => `${metric.padEnd(8)} ${score.toFixed(4)}`),
          ...Object.entries(rest.absent ?? {}).map(([metric, reason]) => `No ${metric}: it ${reason}`),
          ...(rest.notes ?? []),
          `${captions.length} pictures of ${rest.split}. Report: ${report}`,
        ].join('\n'),
    });
  },
});
