import { checkInvariant } from '../../ledger/check-invariant.js';
import { structureFingerprint } from '../../ledger/structure-fingerprint.js';
import type { FeatureCounts } from '../feature-cache/feature-cache.js';
import { withFurtherPictures } from '../further-pictures/with-further-pictures.js';
import { agreeOnRun } from '../sharing/agree-on-run.js';
import { shareCounts } from '../sharing/share-counts.js';
import type { TrainingGroup } from '../sharing/training-group.js';
import { driveSegment } from './drive-segment.js';
import { preflight } from './preflight.js';
import { summarise } from './summarise.js';
import type { TrainPlanOptions } from './train-options.js';
import type { SegmentResult, TrainResult } from './train-result.js';
import { TrainingEnvironment } from './training-environment.js';
import { TrainingSession } from './training-session.js';

/**
 * Drives a plan: segment after segment, each behind its gate. The model's weights change in place.
 *
 * With checkpoints, a run that is interrupted or killed goes on from its latest one and ends, on the same
 * engine, with exactly the weights that an uninterrupted run has.
 * @throws EimError `missing-kernel` (before anything is trained), `invalid-config` (plan, splits and model do not fit),
 * `numeric-failure` (naming segment, step and part), `interrupted` (after saving), `storage-failed`, `invariant-violated`
 * @example
 * const plan = resolvePlan({ preset: 'eim', steps: 1000, batchSize: 16 });
 * const { segments } = await trainPlan({ model, plan, dataset, tokenizer, seed: 1 });
 * for (const { name, gate } of segments) console.log(name, gate?.kept);
 */
export async function trainPlan(given: TrainPlanOptions): Promise<TrainResult> {
  const options = withFurtherPictures(given);
  const { plan, model } = options;
  const before = structureFingerprint(model);
  const environment = await TrainingEnvironment.create(options);
  try {
    if (options.group) await agreeOnRun(options.group, environment.identity);
    const session = new TrainingSession(environment);
    let checkpoint = options.resume ? await session.resume() : undefined;
    await preflight(environment, plan.segments.slice(session.segmentIndex));
    while (session.segmentIndex < plan.segments.length) {
      const segment = plan.segments[session.segmentIndex]!;
      session.finished.push(await driveSegment(session, segment, checkpoint));
      checkpoint = undefined;
      session.segmentIndex += 1;
      await session.save();
    }
    checkInvariant(before, structureFingerprint(model));
    const { counts } = environment.features;
    const finished = await ofAllProcesses(session.finished, options.group);
    return summarise(finished, await countsOfAll(counts, options.group));
  } finally {
    await environment.close();
  }
}

/** What processes spent on training together; what encoding costs is counted in each, and the first one measures for all. */
async function ofAllProcesses(
  finished: readonly SegmentResult[],
  group: TrainingGroup | undefined,
): Promise<readonly SegmentResult[]> {
  if (!group) return finished;
  const own = finished.map(({ multiplyAdds }) => multiplyAdds.training);
  const all = await shareCounts(group, own);
  return finished.map((one, index) => ({
    ...one,
    multiplyAdds: { ...one.multiplyAdds, training: all[index]! },
  }));
}

/** What became of the pictures of all processes. */
async function countsOfAll(counts: FeatureCounts, group: TrainingGroup | undefined): Promise<FeatureCounts> {
  if (!group) return counts;
  const { multiplyAdds, ...numbers } = counts;
  const [encoded, read, damaged, unwritten] = (await shareCounts(group, [
    numbers.encoded,
    numbers.read,
    numbers.damaged,
    numbers.unwritten,
  ])) as [number, number, number, number];
  return { encoded, read, damaged, unwritten, multiplyAdds };
}
