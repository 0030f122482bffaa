/** Where a run stands; sent after each step and during long evaluations. */
export interface TrainingProgress {
  /** `go-back`: a number was not finite, and the segment goes on from an earlier step. */
  readonly phase: 'encode' | 'train' | 'evaluate' | 'go-back';
  readonly segment: string;
  readonly segmentIndex: number;
  readonly segmentCount: number;
  /** Steps done of the segment (`train`, `go-back`), or pictures done (`encode`). */
  readonly step: number;
  readonly steps: number;
  /** Loss of the last step. */
  readonly loss?: number;
  /** Greatest learning rate of the last step. */
  readonly rate?: number;
  /** Until the segment ends, from the mean step time so far. */
  readonly secondsLeft?: number;
  /** Caption rows trained on in a second. */
  readonly examplesPerSecond?: number;
}
