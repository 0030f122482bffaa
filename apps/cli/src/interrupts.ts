import { EimError } from '@eim/contracts';
import type { Terminal } from './command/terminal.js';
import { EXIT_INTERRUPTED } from './exit-code.js';

/**
 * Turns the first Ctrl-C into an abort, so that the work in hand can be saved, and ends the process at the
 * second. SIGTERM counts as a Ctrl-C, so that stopping a service loses nothing either.
 */
export function watchInterrupts(terminal: Terminal): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    // Of several processes that `eim launch` started, it speaks for all.
    if (!terminal.environment.EIM_LAUNCHED)
      terminal.stderr.write('\nStopping after this step; press Ctrl-C again to stop at once.\n');
    controller.abort(new EimError({ code: 'interrupted', message: 'Stopped.' }));
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
