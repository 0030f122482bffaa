import { EimError } from '@eim/contracts';
import type { BlockStart } from '@eim/contracts/model';

/**
 * Checks hidden states that a model is to go on from.
 * @param subject what was given them, for the message: `The CLIP encoder`
 * @param expected what `hidden` must be like, -1 where any number goes
 * @throws EimError `invalid-argument` for a block that is not there, `width-mismatch` for other shapes
 */
export function checkBlockStart(
  subject: string,
  { blockCount }: { readonly blockCount: number },
  { block, hidden }: BlockStart,
  expected: readonly number[],
): void {
  if (!Number.isInteger(block) || block < 1 || block > blockCount) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${subject} was to go on after block ${block}; its blocks are 1 to ${blockCount}.`,
      advice: 'Name the block whose output `hidden` is.',
      data: { block, blockCount },
    });
  }
  const fits = hidden.shape.every((side, axis) => expected[axis] === -1 || side === expected[axis]);
  if (fits && hidden.shape.length === expected.length) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `${subject} was given hidden states of shape [${hidden.shape}]; after block ${block} they are [${expected.map((side) => (side === -1 ? 'any' : side))}].`,
    advice: 'Pass what `hidden` held of that block.',
    data: { shape: hidden.shape, expected },
  });
}
