import type { Segment } from '../../plan/segment-schema.js';

/** Share of the peak rate at a step (0-based) of a segment. */
export type LearningRateSchedule = (step: number) => number;

/**
 * Linear warm-up to 1, then cosine or linear decay to 0 at the end, or constant. As Hugging Face's
 * `get_cosine_schedule_with_warmup` and `get_linear_schedule_with_warmup`, but with the warm-up one step
 * early, so that step 0 of a segment learns something.
 */
export function learningRateSchedule(
  segment: Pick<Segment, 'schedule' | 'warmupSteps' | 'warmupFraction'>,
  steps: number,
): LearningRateSchedule {
  const warmup = Math.min(steps, segment.warmupSteps ?? Math.round((segment.warmupFraction ?? 0) * steps));
  return (step) => {
    if (step < warmup) return (step + 1) / warmup;
    if (segment.schedule === 'constant') return 1;
    const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
    return segment.schedule === 'linear' ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}
