import { EimError } from '@eim/contracts';
import type { Terminal } from '../command/terminal.js';
import { requireSplit } from '../data/require-split.js';
import { formatCount } from '../progress/format-number.js';
import { Progress } from '../progress/progress.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { compareTrainedRuns } from './compare-trained-runs.js';
import type { ComparisonOutcome } from './comparison-outcome.js';
import { openSameData } from './same-data.js';
import { openTrainedRun, type TrainedRun, withOwnNames } from './trained-run.js';

export interface RunComparisonOptions {
  /** Absent: the one that both configs name. */
  readonly split: string | undefined;
  /** Absent: `runs/compare-<time>`. */
  readonly out: string | undefined;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Compares two finished runs over the same data, and writes `report.html` and `comparison.json`. */
export async function runComparison(
  paths: readonly [string, string],
  { terminal, signal, ...options }: RunComparisonOptions,
): Promise<ComparisonOutcome> {
  const began = performance.now();
  const opened = [
    await openTrainedRun(paths[0], terminal),
    await openTrainedRun(paths[1], terminal),
  ] as const;
  const runs = withOwnNames(opened);
  const split = options.split ?? sharedSplit(runs);
  const dataset = await openSameData(runs);
  requireSplit(dataset, split);
  const pictures = dataset.split(split).length;
  await startChosenEngine(terminal, options.engine, runs[0].config.engine);
  const folder = await RunFolder.create(options.out ?? defaultRunFolder(terminal.workingFolder, 'compare'));
  const progress = new Progress(terminal);
  try {
    const outcome = await compareTrainedRuns(runs, {
      folder,
      dataset,
      split,
      title: `${runs[0].name} and ${runs[1].name} on ${dataset.name}`,
      subtitle: `Two trained runs on the same ${formatCount(pictures)} pictures of ${split}.`,
      workingFolder: terminal.workingFolder,
      signal,
      onProgress: (run, done, total) =>
        progress.update({
          label: `${run.name} › captioning`,
          done: done + (run === runs[0] ? 0 : total),
          total: 2 * total,
          detail: `picture ${done}/${total}`,
        }),
    });
    const timed = { ...outcome, seconds: (performance.now() - began) / 1000 };
    await folder.writeJson('comparison.json', timed);
    return timed;
  } finally {
    progress.finish();
  }
}

function sharedSplit([first, second]: readonly [TrainedRun, TrainedRun]): string {
  const splits = [first.config.evaluation.split, second.config.evaluation.split] as const;
  if (splits[0] === splits[1]) return splits[0];
  throw new EimError({
    code: 'invalid-argument',
    message: `The runs are held against different splits: ${first.name} against ${splits[0]}, ${second.name} against ${splits[1]}.`,
    advice: 'Choose one with --split.',
    data: { splits },
  });
}
