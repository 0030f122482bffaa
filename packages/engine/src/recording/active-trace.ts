import type { StepTrace } from './step-trace.js';

let active: StepTrace | undefined;

/** The trace that is being made; undefined where operations really run. */
export function activeTrace(): StepTrace | undefined {
  return active;
}

/** Runs something while a trace is the active one. */
export function whileTracing<T>(trace: StepTrace, run: () => T): T {
  const outer = active;
  active = trace;
  try {
    return run();
  } finally {
    active = outer;
  }
}
