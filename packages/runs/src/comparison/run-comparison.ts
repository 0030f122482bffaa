import { EimError } from '@eim/contracts';
import { formatCount } from '@eim/report';
import { completeContext, type RunsContext } from '../context.js';
import { requireSplit } from '../data/require-split.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
import { compareTrainedRuns } from './compare-trained-runs.js';
import type { ComparisonOutcome } from './comparison-outcome.js';
import { openSameData } from './same-data.js';
import { openTrainedRun, type TrainedRun, withOwnNames } from './trained-run.js';

export interface CompareRunsOptions extends RunsContext, ReferenceChoice {
  /** The split to score. Absent: the one that both configs name. */
  readonly split?: string | undefined;
  /** Folder to write to. Absent: `runs/compare-<time>` in the working folder. */
  readonly out?: string | undefined;
}

/**
 * Compares two finished runs over the same data, and writes `report.html` and `comparison.json`. The runs themselves are
 * not changed.
 * @throws EimError `invalid-argument` where the two have different data
 *
 * @example
 * const { findings, report } = await compareRuns(['runs/plain', 'runs/eim'], { packages });
 */
export async function compareRuns(
  paths: readonly [string, string],
  options: CompareRunsOptions,
): Promise<ComparisonOutcome> {
  const context = completeContext(options);
  const began = performance.now();
  const opened = [await openTrainedRun(paths[0], context), await openTrainedRun(paths[1], context)] as const;
  const runs = withOwnNames(opened);
  const split = options.split ?? sharedSplit(runs);
  const dataset = await openSameData(runs, context);
  requireSplit(dataset, split);
  const pictures = dataset.split(split).length;
  await startChosenEngine(context, runs[0].config.engine);
  const folder = await RunFolder.create(options.out ?? defaultRunFolder(context.workingFolder, 'compare'));
  const outcome = await compareTrainedRuns(runs, {
    folder,
    dataset,
    split,
    title: `${runs[0].name} and ${runs[1].name} on ${dataset.name}`,
    subtitle: `Two trained runs on the same ${formatCount(pictures)} pictures of ${split}.`,
    distinctReferences: options.distinctReferences,
    context,
    onProgress: (run, done, total) =>
      context.onProgress({
        label: `${run.name} › captioning`,
        done: done + (run === runs[0] ? 0 : total),
        total: 2 * total,
      }),
  });
  const timed = { ...outcome, seconds: (performance.now() - began) / 1000 };
  await folder.writeJson('comparison.json', timed);
  return timed;
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
