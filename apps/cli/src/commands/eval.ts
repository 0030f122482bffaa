import type { DecodingChoice } from '@eim/runs';
import { argumentError } from '@eim/runs/arguments';
import { builtInUrls } from '../built-ins.js';
import {
  type CommandOptions,
  defineCommand,
  type Invocation,
  type OptionValues,
} from '../command/define-command.js';
import { metricSources, textMetricSources } from '../command/metric-sources.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import {
  DECODING_OPTIONS,
  DISTINCT_REFERENCES_OPTION,
  ENGINE_OPTION,
  JSON_OPTION,
  METRIC_OPTIONS,
  THREADS_OPTION,
} from './options.js';

const OPTIONS = {
  split: {
    type: 'text',
    placeholder: 'NAME',
    description: "split to score (default: the config's, else test)",
  },
  ...DECODING_OPTIONS,
  beams: {
    ...DECODING_OPTIONS.beams,
    description: "number of beams; 1: no beam search (default: the config's)",
  },
  benchmark: {
    type: 'text',
    placeholder: 'NAME',
    description: 'coco-caption, scienceqa, mme, or one of a package: @acme/package/entry',
  },
  data: { type: 'text', placeholder: 'DIR', description: "folder of the benchmark's files and pictures" },
  shard: { type: 'text', placeholder: 'i/n', description: 'answer only every n-th item, from the i-th on' },
  workers: {
    type: 'integer',
    placeholder: 'N',
    description: 'processes that share a benchmark and the threads (default: 1)',
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
  distinctReferences: DISTINCT_REFERENCES_OPTION,
  engine: ENGINE_OPTION,
  baselines: {
    type: 'flag',
    description: 'score captions beside a human sentence, the nearest picture and retrievals',
  },
  threads: THREADS_OPTION,
  json: JSON_OPTION,
} as const satisfies CommandOptions;

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Score a run on its own held-out data, or on a benchmark.',
  details: `Without --benchmark: answers the held-out rows, writes evaluation-<split>.json with every answer into the run, and
renews its report.html. Captions get COCO's metrics; questions get accuracy or exact match.
With --benchmark: asks the model every item of the benchmark in --data and scores its answers as the official
program does. Answers are kept, so an evaluation that was stopped goes on where it was; --shard i/n asks only
every n-th item, for \`eim merge\`; --workers N starts N processes and merges their shards. Writes answers.json,
manifest.json with all that the scores depend on, scores.json, report.md, and report.html with the worst and the best
items. Options of a benchmark are written name=value: split=val, prompt=LaVIN.
Captions get METEOR and SPICE, and on a benchmark CLIPScore, if what these need is given; otherwise the reason is
printed in their place.`,
  arguments: [
    { name: 'RUN', description: 'the folder of a run' },
    { name: 'name=value', description: 'options of the benchmark', many: true, optional: true },
  ],
  options: OPTIONS,
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
  async run(invocation) {
    const {
      positionals: [run, ...words],
      options,
      terminal,
    } = invocation;
    if (options.benchmark !== undefined) return await runBenchmark(run!, words, invocation);
    if (words.length > 0) {
      throw argumentError(
        `\`eim eval\` does not know "${words[0]}".`,
        'name=value sets an option of a --benchmark.',
      );
    }
    const sources = textMetricSources(options, terminal);
    const { evaluateRun } = await import('@eim/runs');
    const { evaluationText } = await import('../text/evaluation-text.js');
    const { captions, report, ...rest } = await withContext(invocation, (context) =>
      evaluateRun(run!, { ...options, ...sources, ...context }),
    );
    printResult(terminal, options.json, {
      document: { ...rest.scores, ...rest, report },
      text: () => evaluationText({ ...rest, captions, report }),
    });
  },
});

/** `eim eval RUN --benchmark NAME`. */
async function runBenchmark(
  run: string,
  words: readonly string[],
  invocation: Invocation<OptionValues<typeof OPTIONS>>,
): Promise<void> {
  const { options, terminal } = invocation;
  const { data, split, workers = 1, maxNewTokens, shard, out } = options;
  if (options.distinctReferences) {
    throw argumentError(
      '--distinct-references is for the pictures of the run: a benchmark counts as its official program does.',
      'Leave it out, or score the answers by `eim score coco-caption --distinct-references`.',
    );
  }
  if (data === undefined) throw argumentError('--data is needed with --benchmark.', 'Write --data DIR.');
  const request = {
    benchmark: options.benchmark!,
    data,
    words: split === undefined ? words : [...words, `split=${split}`],
    decoding: decodingOf(options),
    maxNewTokens,
    shard,
    out,
    ...metricSources(options, terminal),
  };
  const { evaluateBenchmark, evaluateByWorkers } = await import('@eim/runs');
  const { outcomeDocument, outcomeText } = await import('../text/benchmark-outcome-text.js');
  const outcome = await withContext(invocation, (context) =>
    workers === 1
      ? evaluateBenchmark(run, { ...request, ...context })
      : evaluateByWorkers(run, { ...request, ...context, workers, packageUrls: builtInUrls() }),
  );
  printResult(terminal, options.json, {
    document: outcomeDocument(outcome),
    text: () => outcomeText(outcome),
  });
}

/** The options that decide how tokens are chosen. */
function decodingOf(options: OptionValues<typeof DECODING_OPTIONS>): DecodingChoice {
  const names = Object.keys(DECODING_OPTIONS) as (keyof typeof DECODING_OPTIONS)[];
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
