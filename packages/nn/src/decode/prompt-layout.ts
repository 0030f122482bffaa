import { EimError } from '@eim/contracts';
import type { Tensor2D, Tensor3D } from '@eim/contracts/model';

/** Where the real slots of a batch of prompts are. */
export interface PromptLayout {
  readonly rows: number;
  /** Slots a row, real or not. */
  readonly slots: number;
  /** By row, 1 where a slot is real; undefined where all are. */
  readonly mask: readonly (readonly number[])[] | undefined;
  /** Slot of the last real token, by row. */
  readonly last: readonly number[];
  /** Real tokens, by row. */
  readonly lengths: readonly number[];
}

/** Reads a prompt's mask back. @throws EimError `invalid-argument` where a row has no real slot */
export async function readPromptLayout(embeddings: Tensor3D, mask?: Tensor2D): Promise<PromptLayout> {
  const [rows, slots] = embeddings.shape;
  const flat = mask === undefined ? new Float32Array(rows * slots).fill(1) : await mask.data();
  if (flat.length !== rows * slots || flat.length === 0) {
    throw new EimError({
      code: 'width-mismatch',
      message: `generate: the mask has shape [${mask?.shape}] and the embeddings [${embeddings.shape}].`,
      advice: 'Pass at least one slot a row, and a mask of [rows, slots] of the embeddings.',
      data: { mask: mask?.shape, embeddings: embeddings.shape },
    });
  }
  const byRow = Array.from({ length: rows }, (_, row) =>
    Array.from(flat.subarray(row * slots, (row + 1) * slots), (value) => (value > 0 ? 1 : 0)),
  );
  const empty = byRow.findIndex((row) => !row.includes(1));
  if (empty >= 0) {
    throw new EimError({
      code: 'invalid-argument',
      message: `generate: row ${empty} of the prompt has no real slot.`,
      advice: 'Give every row a prefix or a prompt of at least one token.',
      data: { row: empty },
    });
  }
  return {
    rows,
    slots,
    mask: byRow.some((row) => row.includes(0)) ? byRow : undefined,
    last: byRow.map((row) => row.lastIndexOf(1)),
    lengths: byRow.map((row) => row.reduce<number>((sum, value) => sum + value, 0)),
  };
}

/** Position of each slot: real slots count on from 0, the others stand at 0. */
export const slotPositions = (mask: readonly number[]): number[] => {
  let next = 0;
  return mask.map((real) => (real ? next++ : 0));
};
