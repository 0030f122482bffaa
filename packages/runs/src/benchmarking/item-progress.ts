import type { CompleteContext } from '../context.js';

export type OnItems = (done: number, total: number, fromCache: number) => void;

/** Tells the context, and `onItems`, of items that were answered. */
export const itemProgress =
  (label: string, { onProgress }: Pick<CompleteContext, 'onProgress'>, onItems?: OnItems): OnItems =>
  (done, total, fromCache) => {
    onItems?.(done, total, fromCache);
    const before = fromCache > 0 ? `, ${fromCache} from before` : '';
    onProgress({ label, done, total, detail: `item ${done}/${total}${before}` });
  };
