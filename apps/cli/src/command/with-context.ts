import type { RunsContext } from '@eim/runs';
import { BUILT_IN_PACKAGES } from '../built-ins.js';
import { Progress } from '../progress/progress.js';
import type { Invocation } from './define-command.js';
import { parseCompute } from './parse-compute.js';

/** Options that say what to compute on. */
interface ComputeOptions {
  readonly engine?: string | undefined;
  readonly threads?: number | undefined;
  readonly compute?: string | undefined;
}

/**
 * Does a command's work with progress on standard error: a bar, which is cleared once the work has ended, and notes
 * above it.
 * @param work receives what the functions of `@eim/runs` take
 */
export async function withContext<Result>(
  { terminal, signal, options }: Pick<Invocation<ComputeOptions>, 'terminal' | 'signal' | 'options'>,
  work: (context: RunsContext) => Promise<Result>,
): Promise<Result> {
  const compute = parseCompute(options.compute);
  const progress = new Progress(terminal);
  try {
    return await work({
      packages: BUILT_IN_PACKAGES,
      engine: options.engine,
      threads: options.threads,
      compute,
      signal,
      environment: terminal.environment,
      workingFolder: terminal.workingFolder,
      onProgress: (event) => progress.update(event),
      onNote: (text) => progress.note(text),
    });
  } finally {
    progress.finish();
  }
}
