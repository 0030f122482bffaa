import { EimError } from '@eim/contracts';
import type { KeepBest } from '../../plan/measured-by-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { Checkpoint } from '../checkpoints/checkpoint.js';
import type { EarlyStoppingState } from '../gates/early-stopping.js';
import type { GateVerdict } from '../gates/gate-verdict.js';
import { rowsPerStep } from '../optimizer/segment-steps.js';
import { someoneStops } from '../sharing/someone-stops.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { gateNumbers, judgeGate, measureBefore } from './judge-gate.js';
import { describeNumericFailure, type NumericFailure } from './numeric-failure.js';
import { SaveClock } from './save-clock.js';
import { SegmentTraining } from './segment-training.js';
import { meanOf } from './stays-at-guessing.js';
import type { TrainPlanOptions } from './train-options.js';
import type { SegmentResult } from './train-result.js';
import type { TrainingProgress } from './training-progress.js';
import type { TrainingSession } from './training-session.js';

/** Runs one segment from its start, or from a checkpoint inside it, to its verdict. */
export async function driveSegment(
  session: TrainingSession,
  segment: Segment,
  checkpoint?: Checkpoint,
): Promise<SegmentResult> {
  const { options } = session.environment;
  const report = (progress: Omit<TrainingProgress, 'segment' | 'segmentIndex' | 'segmentCount'>) =>
    options.onProgress?.({
      segment: segment.name,
      segmentIndex: session.segmentIndex,
      segmentCount: options.plan.segments.length,
      ...progress,
    });
  const run = await SegmentTraining.create(session, segment, checkpoint, (step, steps, _what, stops) => {
    if (stops ?? options.signal?.aborted) throw interruptedWhileEncoding(segment, options);
    report({ phase: 'encode', step, steps });
  });
  try {
    if (!checkpoint && segment.gate) {
      report({ phase: 'evaluate', step: 0, steps: run.steps });
      await measureBefore(run);
    }
    const stoppedEarly = await takeSteps(session, run, report);
    await run.settle();
    const gate = await judgeGate(run);
    if (gate) options.logger?.log(session.totalSteps, { segment: segment.name, ...gateNumbers(gate) });
    return resultOf(session, run, stoppedEarly, gate);
  } finally {
    run.dispose();
  }
}

/** @returns whether early stopping ended the segment */
async function takeSteps(
  session: TrainingSession,
  run: SegmentTraining,
  report: (progress: Omit<TrainingProgress, 'segment' | 'segmentIndex' | 'segmentCount'>) => void,
): Promise<boolean> {
  const { options } = session.environment;
  const { segment, steps } = run;
  const { rule } = run.best;
  const patience = segment.until.earlyStopping?.patience ?? Number.POSITIVE_INFINITY;
  const saves = new SaveClock(options.save);
  const secondsBefore = run.seconds;
  const began = performance.now();
  let taken = 0;
  // Later each step of a group tells.
  let stops = await someoneStops(options.group, options.signal);
  while (run.step < steps) {
    await yieldToEventLoop();
    if (options.group ? stops : options.signal?.aborted)
      await interrupt(run, options.checkpoints !== undefined, options.signal?.reason);
    const outcome = await run.takeStep();
    stops = outcome.stops;
    run.seconds = secondsBefore + (performance.now() - began) / 1000;
    taken += 1;
    if (outcome.wentBack) {
      tellOfFailure(session, run, outcome.wentBack);
      report({ phase: 'go-back', step: run.step, steps });
      continue;
    }
    const { loss, rate, gradientNorms } = outcome;
    const perStep = (run.seconds - secondsBefore) / taken;
    const examplesPerSecond = rowsPerStep(segment) / perStep;
    const secondsLeft = perStep * (steps - run.step);
    const norms = Object.entries(gradientNorms).map(([part, norm]) => [`gradientNorm/${part}`, norm]);
    const numbers = { loss, rate, examplesPerSecond, ...Object.fromEntries(norms) };
    options.logger?.log(session.totalSteps, { segment: segment.name, segmentStep: run.step, ...numbers });
    report({ phase: 'train', step: run.step, steps, loss, rate, secondsLeft, examplesPerSecond });
    if (rule && (run.step % rule.every === 0 || run.step === steps)) {
      const value = await run.evaluateForBest();
      options.logger?.log(session.totalSteps, {
        segment: segment.name,
        [`${rule.split}/${rule.metric}`]: value,
      });
      if (run.best.state.waited >= patience) return true;
    }
    if (saves.isDue(run.step)) await saves.during(() => run.save());
  }
  return false;
}

/** Logged at the step that the segment is back at, so that what it logged since then is left out of the log. */
function tellOfFailure(
  session: TrainingSession,
  { segment }: SegmentTraining,
  failure: NumericFailure,
): void {
  const { logger, onNote } = session.environment.options;
  const { step, wentBackTo, rateFactor } = failure;
  logger?.log(session.totalSteps, {
    segment: segment.name,
    segmentStep: wentBackTo,
    'numericFailure/step': step,
    'numericFailure/rateFactor': rateFactor,
  });
  onNote?.(describeNumericFailure(segment.name, failure));
}

/** What was saved before the segment, or inside it before a resume, is where to go on from. */
function interruptedWhileEncoding({ name }: Segment, { signal, checkpoints }: TrainPlanOptions): EimError {
  const saved = checkpoints !== undefined;
  return new EimError({
    code: 'interrupted',
    message: `The run was interrupted while it encoded pictures for segment '${name}'.`,
    advice: saved ? 'It can be resumed.' : 'Nothing was saved, as the run has no checkpoints.',
    data: { segment: name, saved },
    cause: signal?.reason,
  });
}

async function interrupt(run: SegmentTraining, saved: boolean, cause: unknown): Promise<never> {
  if (saved) await run.save();
  const where = `segment '${run.segment.name}', step ${run.step} of ${run.steps}`;
  throw new EimError({
    code: 'interrupted',
    message: `The run was interrupted in ${where}.`,
    advice: saved
      ? 'It was saved there and can be resumed.'
      : 'Nothing was saved, as the run has no checkpoints.',
    data: { segment: run.segment.name, step: run.step, steps: run.steps, saved },
    cause,
  });
}

function resultOf(
  session: TrainingSession,
  run: SegmentTraining,
  stoppedEarly: boolean,
  gate: GateVerdict | undefined,
): SegmentResult {
  const { segment, learner, numericFailures } = run;
  const { examples, firstLoss, recentLosses, targetsLeftOut } = run.counts;
  const texts = session.environment.texts(segment.data.split);
  const { rule, state } = run.best;
  return {
    name: segment.name,
    objective: learner.objective.name,
    steps: run.step,
    plannedSteps: run.steps,
    examples,
    firstLoss: firstLoss!,
    lastLoss: meanOf(recentLosses),
    seconds: run.seconds,
    multiplyAdds: run.multiplyAdds,
    trainable: learner.trainable,
    textLength: texts.lengths.at(-1)!.length,
    truncatedCaptions: texts.truncated,
    targetsLeftOut,
    ...(gate && { gate }),
    ...(rule && keptOf(rule, state.best)),
    ...(numericFailures.length > 0 && { numericFailures }),
    stoppedEarly,
    collapsed: run.collapsed,
    features: run.data.features,
  };
}

/** Which weights a segment kept that looked for its best. */
function keptOf(
  { metric, split }: KeepBest,
  best: EarlyStoppingState['best'],
): Pick<SegmentResult, 'best' | 'neverMeasured'> {
  return best ? { best: { metric, split, ...best } } : { neverMeasured: { metric, split } };
}
