import { createRequire } from 'node:module';

/** tfjs-node calls `util.isNullOrUndefined`, which Node 23 took away; puts it back where it is missing. */
export function restoreNullCheck(): void {
  // The ES module view of node:util is frozen; the CommonJS one is what tfjs-node sees.
  const util = createRequire(import.meta.url)('node:util') as {
    isNullOrUndefined?: (value: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
