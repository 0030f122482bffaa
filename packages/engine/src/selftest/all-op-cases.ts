import { ATTENTION_CASES } from './cases/attention-cases.js';
import { ELEMENTWISE_CASES } from './cases/elementwise-cases.js';
import { PICTURE_CASES } from './cases/picture-cases.js';
import { PRODUCT_CASES } from './cases/product-cases.js';
import { ROW_CASES } from './cases/row-cases.js';
import { SHAPE_CASES } from './cases/shape-cases.js';
import type { OpCase } from './op-case.js';

/** Every operation that models use, forward and backward, with random and edge shapes. */
export const ALL_OP_CASES: readonly OpCase[] = [
  ...PRODUCT_CASES,
  ...ROW_CASES,
  ...ELEMENTWISE_CASES,
  ...ATTENTION_CASES,
  ...SHAPE_CASES,
  ...PICTURE_CASES,
];
