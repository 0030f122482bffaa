import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunLogger } from '@eim/contracts';

/** One line of a run log. */
export interface RunLogEntry {
  /** Optimizer steps since the start of the plan. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly [name: string]: number | string | null;
}

/**
 * Appends to `metrics.jsonl`, one JSON object a line, handed to the operating system at once: a killed
 * process loses nothing that was logged. What is no number in JSON (NaN, Infinity) becomes null.
 */
export function createJsonLinesLogger(path: string): RunLogger {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a');
  return {
    log(step, values) {
      writeSync(file, `${JSON.stringify({ step, time: Date.now() / 1000, ...values })}\n`);
    },
    async close() {
      closeSync(file);
    },
  };
}
