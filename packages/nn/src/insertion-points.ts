import type { InsertionPoint } from '@eim/contracts/model';

/** Where adapters may act in a block, in the order that the block passes them. */
export const INSERTION_POSITIONS = [
  'attention.input',
  'attention.output',
  'mlp.input',
  'mlp.output',
] as const satisfies readonly InsertionPoint['position'][];

/** Name of an insertion point: `blocks.3.attention.input`. */
export const insertionPointName = (block: number, position: InsertionPoint['position']): string =>
  `blocks.${block}.${position}`;

/** The four insertion points of each block of a transformer. */
export const transformerInsertionPoints = (blockCount: number, width: number): InsertionPoint[] =>
  Array.from({ length: blockCount }, (_, block) =>
    INSERTION_POSITIONS.map((position) => ({
      name: insertionPointName(block, position),
      block,
      position,
      width,
    })),
  ).flat();
