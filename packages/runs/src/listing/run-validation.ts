import type { RunFiles } from './run-files.js';

/** A number that a run measured on held-out data while it trained. */
export interface ValidationNumber {
  readonly segment: string;
  /** `val/loss` */
  readonly metric: string;
  readonly value: number;
  /** Steps of the whole plan that had been taken. */
  readonly step: number;
}

/**
 * The last value of each metric in each segment, in the order of the segments. Where a gate rolled its segment back, that is
 * the value from before.
 */
export function validationNumbers({ segments, log }: RunFiles): ValidationNumber[] {
  return segments.flatMap(({ name: segment, gate, until }) => {
    const found = new Map<string, ValidationNumber>();
    for (const entry of log.filter((one) => one.segment === segment)) {
      const note = (metric: string, value: unknown) => {
        if (typeof value === 'number') found.set(metric, { segment, metric, value, step: entry.step });
      };
      const stopping = until?.earlyStopping;
      if (stopping)
        note(`${stopping.split}/${stopping.metric}`, entry[`${stopping.split}/${stopping.metric}`]);
      if (!gate) continue;
      const kept = entry['gate/kept'] !== 0;
      note(`${gate.split}/${gate.metric}`, entry[`gate/${gate.metric}/${kept ? 'after' : 'before'}`]);
    }
    return [...found.values()];
  });
}
