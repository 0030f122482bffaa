/** Receives what a run reports. Numbers only: values have been read back already. */
export interface RunLogger {
  /** @param step optimizer steps since the start of the plan */
  log(step: number, values: Readonly<Record<string, number | string>>): void;
  close?(): Promise<void>;
}
