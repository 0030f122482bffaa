import { hostname } from 'node:os';
import { runsHere } from '../run-folder/record/session-runs.js';
import type { RunFiles } from './run-files.js';

/**
 * How a run stands. `interrupted`: stopped or killed, and it can be resumed. `unknown`: begun on another machine, or by an earlier
 * version, without a sign of its end.
 */
export interface RunState {
  readonly kind: 'finished' | 'running' | 'interrupted' | 'failed' | 'unknown';
  /** The segment it is in, or goes on with; absent where it is finished, or no segment had begun. */
  readonly segment?: string;
  /** Steps taken of that segment, and those it is to have, where the plan counts it in steps. */
  readonly step?: number;
  readonly steps?: number;
  /** What it failed of, or why its state is not known. */
  readonly message?: string;
}

/** The state of a run, from its files and from whether its process lives. */
export function runState(files: RunFiles): RunState {
  const session = files.environment?.sessions?.at(-1);
  if (session && !session.ended && runsHere(session)) return { kind: 'running', ...loggedPlace(files) };
  if (files.result) return { kind: 'finished' };
  const place = savedPlace(files);
  if (session?.ended?.how === 'failed') {
    return { kind: 'failed', ...place, message: session.ended.message ?? 'The reason was not recorded.' };
  }
  if (session && !session.ended && session.process.host !== hostname()) {
    const message = `It was begun on ${session.process.host} and may run there still.`;
    return { kind: 'unknown', ...loggedPlace(files), message };
  }
  if (session || files.checkpoint) return { kind: 'interrupted', ...place };
  return { kind: 'unknown', message: 'It has neither a result nor a checkpoint.' };
}

type Place = Pick<RunState, 'segment' | 'step' | 'steps'>;

/** Where the log ends. */
function loggedPlace(files: RunFiles): Place {
  const last = files.log.findLast(({ segmentStep }) => typeof segmentStep === 'number');
  return last ? placeIn(files, String(last.segment), last.segmentStep as number) : {};
}

/** Where the run would go on. */
function savedPlace(files: RunFiles): Place {
  const state = files.checkpoint?.state;
  return state?.segmentName === undefined ? {} : placeIn(files, state.segmentName, state.progress?.step ?? 0);
}

function placeIn({ segments }: RunFiles, segment: string, step: number): Place {
  const steps = segments.find(({ name }) => name === segment)?.until?.steps;
  return { segment, step, ...(steps !== undefined && { steps }) };
}
