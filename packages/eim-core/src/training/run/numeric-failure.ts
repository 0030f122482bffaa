import { EimError } from '@eim/contracts';

export interface StepNumbers {
  readonly loss: number;
  /** Gradient norm before clipping, by learning part. */
  readonly gradientNorms: Readonly<Record<string, number>>;
}

/**
 * Throws where a loss or a gradient is not finite. The weights in memory are spoilt by then; what was saved
 * is not, as saving comes after this check.
 */
export function assertFinite(segment: string, step: number, { loss, gradientNorms }: StepNumbers): void {
  const parts = Object.entries(gradientNorms)
    .filter(([, norm]) => !Number.isFinite(norm))
    .map(([part]) => part);
  if (Number.isFinite(loss) && parts.length === 0) return;
  const what = Number.isFinite(loss) ? '' : `the loss is ${loss}`;
  const where = parts.length > 0 ? `the gradients of ${parts.join(' and ')} are not finite` : '';
  throw new EimError({
    code: 'numeric-failure',
    message: `Segment '${segment}', step ${step}: ${[what, where].filter(Boolean).join(' and ')}.`,
    advice: 'Lower the learning rate, add a warm-up or set clipNorm; the last checkpoint is intact.',
    data: { segment, step, loss, parts, gradientNorms },
  });
}
