import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { textMetricSources } from '../command/metric-sources.js';
import { withContext } from '../command/with-context.js';
import { EVAL_OPTIONS } from '../evaluate/eval-options.js';
import { evaluateOnBenchmark } from '../evaluate/evaluate-on-benchmark.js';
import { printResult } from '../output.js';

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
With --api a server with OpenAI's API is asked in place of a run, \`eim serve\` or somebody else's: each question is a chat of
one message, its picture a data: URL. A busy server is asked again when it says so; what was cut off goes on where it was.
Captions get METEOR and SPICE, and on a benchmark CLIPScore, if what these need is given; otherwise the reason is
printed in their place.`,
  arguments: [
    { name: 'RUN', description: 'the folder of a run; none with --api', optional: true },
    { name: 'name=value', description: 'options of the benchmark', many: true, optional: true },
  ],
  options: EVAL_OPTIONS,
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
    {
      command: 'eim eval --benchmark mme --data MME --api http://127.0.0.1:8080/v1 --model chat',
      meaning: 'MME, asked of a server',
    },
  ],
  async run(invocation) {
    const {
      positionals: [run, ...words],
      options,
      terminal,
    } = invocation;
    if (options.benchmark !== undefined) {
      const { outcomeDocument, outcomeText } = await import('../text/benchmark-outcome-text.js');
      const outcome = await evaluateOnBenchmark(invocation);
      printResult(terminal, options.json, {
        document: outcomeDocument(outcome),
        text: () => outcomeText(outcome),
      });
      return;
    }
    if (options.api !== undefined) {
      throw argumentError('--api is for a --benchmark.', 'Write --benchmark NAME --data DIR.');
    }
    if (run === undefined) {
      throw argumentError('`eim eval` needs RUN: the folder of a run.', 'See `eim eval --help`.');
    }
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
      evaluateRun(run, { ...options, ...sources, ...context }),
    );
    printResult(terminal, options.json, {
      document: { ...rest.scores, ...rest, report },
      text: () => evaluationText({ ...rest, captions, report }),
    });
  },
});
