import type { ImageEncoder, RandomStream } from '@eim/contracts/model';
import type { SegmentData } from '../../plan/segment-schema.js';

/** As how many random subsets of its patches each picture is seen, and how large these are. */
export interface PatchViews {
  readonly views: number;
  /** K: patches of each view. */
  readonly kept: number;
  readonly patchCount: number;
}

/** What a segment shows of each picture; undefined where it shows all of it. */
export function patchViews(
  { patchCount }: Pick<ImageEncoder, 'patchCount'>,
  { keepPatches, views }: SegmentData,
): PatchViews | undefined {
  if (keepPatches === undefined || patchCount === undefined) return undefined;
  return { views: views ?? 1, kept: Math.max(1, Math.round(keepPatches * patchCount)), patchCount };
}

/** Draws subsets, each in rising order: all pictures in the first view, then all in the next. @param slots places for pictures */
export function drawPatches({ views, kept, patchCount }: PatchViews, slots: number, random: RandomStream) {
  const all = Array.from({ length: patchCount }, (_, patch) => patch);
  const indices = new Int32Array(views * slots * kept);
  for (let row = 0; row < views * slots; row += 1) {
    const drawn = random.shuffle(all).slice(0, kept);
    indices.set(
      drawn.sort((a, b) => a - b),
      row * kept,
    );
  }
  return { indices, kept };
}

/**
 * Of what was drawn for a whole batch, the subsets of some of its pictures.
 * @param places of the pictures among those of the whole batch, which has `of`; `slots` places for them, those beyond filling
 */
export function patchesOf(
  { indices, kept }: ReturnType<typeof drawPatches>,
  { views }: PatchViews,
  { places, slots, of }: { readonly places: readonly number[]; readonly slots: number; readonly of: number },
) {
  const own = new Int32Array(views * slots * kept);
  for (let view = 0; view < views; view += 1) {
    for (let slot = 0; slot < slots; slot += 1) {
      // Filling has whatever patches the place of its number has.
      const start = (view * of + (places[slot] ?? slot)) * kept;
      own.set(indices.subarray(start, start + kept), (view * slots + slot) * kept);
    }
  }
  return { indices: own, kept };
}

/** The first patches of each picture, for what looks at shapes alone. */
export function firstPatches({ views, kept }: PatchViews, slots: number) {
  return { indices: Int32Array.from({ length: views * slots * kept }, (_, index) => index % kept), kept };
}
