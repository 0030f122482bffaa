/** How much is computed at once. */
export interface SchedulerLimits {
  /** Answers that are read and written side by side. @default 32 */
  readonly rows?: number | undefined;
  /** Positions of all answers side by side, each counted as long as the longest may become. @default 16384 */
  readonly positions?: number | undefined;
  /** Positions of prompts that are read between two decoding steps. @default 64 */
  readonly pieceLength?: number | undefined;
  /** Positions that are kept for requests that begin alike; 0 keeps none. @default 4096 */
  readonly keptPositions?: number | undefined;
  /** Requests that wait. @default 64 */
  readonly queue?: number | undefined;
}

/** Every default filled in. */
export function completeLimits(limits: SchedulerLimits): { [Name in keyof SchedulerLimits]-?: number } {
  const { rows = 32, positions = 16_384, pieceLength = 64, keptPositions = 4096, queue = 64 } = limits;
  return { rows, positions, pieceLength, keptPositions, queue };
}
