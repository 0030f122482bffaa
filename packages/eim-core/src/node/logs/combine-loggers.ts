import type { RunLogger } from '@eim/contracts';

/** One logger that writes to several. */
export function combineLoggers(...loggers: readonly RunLogger[]): RunLogger {
  return {
    log(step, values) {
      for (const logger of loggers) logger.log(step, values);
    },
    async close() {
      for (const logger of loggers) await logger.close?.();
    },
  };
}
