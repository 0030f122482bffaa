import { type EngineInfo, type EngineName, startEngine } from '@eim/engine';
import { argumentError } from '../arguments/argument-error.js';
import { ENGINE_NAMES } from '../arguments/engine-names.js';
import type { CompleteContext } from '../context.js';

/**
 * Starts the engine of the context, else of EIM_ENGINE, else of the config, else the fastest, on the threads of the
 * context, else of EIM_THREADS, else on all cores, and notes which.
 * @throws EimError where the one asked for is unknown or cannot start
 */
export async function startChosenEngine(
  { engine: asked, threads: askedThreads, environment, onNote }: CompleteContext,
  fromConfig?: EngineName,
): Promise<EngineInfo> {
  if (asked !== undefined && !ENGINE_NAMES.includes(asked as EngineName)) {
    throw argumentError(`There is no engine "${asked}".`, `Choose one of ${ENGINE_NAMES.join(', ')}.`);
  }
  const engine = (asked || environment.EIM_ENGINE || fromConfig) as EngineName | undefined;
  const threads = askedThreads ?? (environment.EIM_THREADS ? Number(environment.EIM_THREADS) : undefined);
  // The engine refuses an unknown name, and a number of threads that is no number.
  const info = await startEngine({
    ...(engine === undefined ? {} : { engine }),
    ...(threads === undefined ? {} : { threads }),
  });
  const count = info.threads === 1 ? '1 thread' : `${info.threads} threads`;
  onNote(`Engine: ${info.name} (${info.device}, ${count})`);
  return info;
}

/**
 * The same while other things are read.
 * @returns waits for it; what it noted is passed on then, and what went wrong thrown
 */
export function beginChosenEngine(context: CompleteContext): () => Promise<EngineInfo> {
  const notes: string[] = [];
  const starting = startChosenEngine({ ...context, onNote: (text) => void notes.push(text) });
  starting.catch(() => {}); // told when it is waited for, if ever
  return async () => {
    const info = await starting;
    for (const text of notes) context.onNote(text);
    return info;
  };
}
