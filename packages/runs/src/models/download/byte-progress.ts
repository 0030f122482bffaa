import type { PullContext } from '../pull-plan.js';
import { shownBytes } from './shown-bytes.js';

/** Tells progress in bytes; a total that is not known counts as what has arrived. */
export function tellBytes(
  { named, onProgress }: Pick<PullContext, 'named' | 'onProgress'>,
  done: number,
  total: number | undefined,
): void {
  const detail = total === undefined ? shownBytes(done) : `${shownBytes(done)} of ${shownBytes(total)}`;
  onProgress({ label: `fetching ${named.name}`, done, total: total ?? 0, detail });
}
