import { type EngineInfo, type EngineName, startEngine } from '@eim/engine';
import type { Terminal } from './command/terminal.js';
import { usageError } from './command/usage-error.js';
import { ENGINE_NAMES } from './engine-names.js';

/**
 * Starts the engine of `--engine`, else of EIM_ENGINE, else of the config, else the fastest, on the threads of
 * `--threads`, else of EIM_THREADS, else on all cores, and says which.
 * @throws EimError where the one asked for is unknown or cannot start
 */
export async function startChosenEngine(
  terminal: Terminal,
  option: string | undefined,
  fromConfig?: EngineName,
): Promise<EngineInfo> {
  if (option !== undefined && !ENGINE_NAMES.includes(option as EngineName)) {
    throw usageError(`There is no engine "${option}".`, `Choose one of ${ENGINE_NAMES.join(', ')}.`);
  }
  const engine =
    (option as EngineName | undefined) ?? (terminal.environment.EIM_ENGINE ? undefined : fromConfig);
  const threads = Number(terminal.environment.EIM_THREADS);
  const info = await startEngine({
    ...(engine === undefined ? {} : { engine }),
    // What is no number in the variable is refused by the engine, by name.
    ...(threads > 0 ? { threads } : {}),
  });
  const count = info.threads === 1 ? '1 thread' : `${info.threads} threads`;
  terminal.stderr.write(`Engine: ${info.name} (${info.device}, ${count})\n`);
  return info;
}
