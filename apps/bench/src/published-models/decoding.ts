/** One run of a worker. */
export interface Decoding {
  /** Engine and model, from nothing. */
  readonly loadMilliseconds: number;
  /** Until the first token. */
  readonly promptMilliseconds: number;
  /** After the first. */
  readonly tokensPerSecond: number;
  readonly peakBytes: number;
}
