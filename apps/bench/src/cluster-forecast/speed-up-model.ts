/** How long one worker computes a step. */
export interface ComputeTimes {
  /** Seconds of a step whatever its rows: the update of all weights. */
  readonly fixed: number;
  /** Seconds of each row. */
  readonly perRow: number;
}

/** How long adding up takes between workers in a ring. */
export interface NetworkTimes {
  /** Seconds of one message, however short. */
  readonly latency: number;
  /** Bytes a second that a worker sends. */
  readonly bandwidth: number;
  /** Seconds of processor time for each byte that a worker sends, which the backward pass cannot hide where all threads compute. @default 0 */
  readonly processor?: number | undefined;
}

export interface StepShape {
  readonly workers: number;
  /** Of each worker. */
  readonly rows: number;
  /** Of all gradients. */
  readonly gradientBytes: number;
  /** How many workers share a machine that has processors for fewer, divided by these. @default 1 */
  readonly crowding?: number | undefined;
}

/** Seconds of a step: adding up is hidden by the backward pass as far as it can be, or not at all. */
export interface StepForecast {
  /** Of processor time. */
  readonly processor: number;
  readonly hidden: number;
  readonly unhidden: number;
}

/** Of the compute of rows, as a backward pass multiplies twice as much as a forward pass. */
const BACKWARD = 2 / 3;

/** By two measurements: steps of one worker on so many rows. */
export function computeTimes(
  more: { readonly rows: number; readonly seconds: number },
  fewer: { readonly rows: number; readonly seconds: number },
): ComputeTimes {
  const perRow = (more.seconds - fewer.seconds) / (more.rows - fewer.rows);
  return { perRow, fixed: Math.max(0, more.seconds - perRow * more.rows) };
}

/** By sums over two workers, of next to nothing and of `bytes`. */
export function networkTimes(
  short: number,
  long: { readonly bytes: number; readonly seconds: number },
): NetworkTimes {
  const latency = short / messagesOf(2);
  return { latency, bandwidth: sentBy(2, long.bytes) / Math.max(1e-9, long.seconds - short) };
}

/** Seconds of adding `bytes` up by a ring (Patarasuk and Yuan 2009): every worker sends 2 (n - 1) messages of an n-th. */
export function sumSeconds(workers: number, bytes: number, { latency, bandwidth }: NetworkTimes): number {
  if (workers === 1) return 0;
  return messagesOf(workers) * latency + sentBy(workers, bytes) / bandwidth;
}

/** How long a step takes. */
export function forecastStep(
  { fixed, perRow }: ComputeTimes,
  network: NetworkTimes,
  { workers, rows, gradientBytes, crowding = 1 }: StepShape,
): StepForecast {
  const ofRows = crowding * perRow * rows;
  const compute = crowding * fixed + ofRows;
  const busy = crowding * (network.processor ?? 0) * (workers === 1 ? 0 : sentBy(workers, gradientBytes));
  const sum = Math.max(busy, sumSeconds(workers, gradientBytes, network));
  return {
    processor: (compute + busy) / crowding,
    hidden: compute + Math.max(busy, sum - BACKWARD * ofRows),
    unhidden: compute + sum,
  };
}

const messagesOf = (workers: number): number => 2 * (workers - 1);
const sentBy = (workers: number, bytes: number): number => (messagesOf(workers) / workers) * bytes;
