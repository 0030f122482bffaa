/** Receives the numbers and names that a run reports; no tensors. */
export interface RunLogger {
  /** @param step optimizer steps since the start of the plan */
  log(step: number, values: Readonly<Record<string, number | string>>): void;
  close?(): Promise<void>;
}
