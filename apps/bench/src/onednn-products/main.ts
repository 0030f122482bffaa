// Run from the repository's root, after `npm run setup` and `npx eim engine install node`:
//   npm run bench -- onednn-products
// TensorFlow's own products against oneDNN's, which @eim/engine takes from sixteen rows on.
import { startEngine } from '@eim/engine';
import { type ProductShape, productTimer } from './product-timer.js';

/** Of a training step's and an encoder's products. */
const MATRICES: readonly ProductShape[] = [
  [960, 256, 256],
  [960, 256, 1024],
  [960, 1024, 256],
  [800, 768, 768],
  [800, 768, 3072],
  [960, 256, 2000, 'B'],
  [960, 1024, 256, 'B'],
  [256, 960, 1024, 'A'],
  [2000, 960, 256, 'A'],
];

const FEW_ROWS = [1, 2, 4, 8, 16, 32, 64].flatMap((rows): ProductShape[] => [
  [rows, 256, 1024],
  [rows, 256, 2000, 'B'],
]);
/** Scores and mixing of attention, of this many heads. */
const STACKS: readonly (readonly [number, ProductShape])[] = [
  [256, [30, 32, 30, 'B']],
  [256, [30, 30, 32]],
  [192, [50, 64, 50, 'B']],
  [192, [50, 50, 64]],
];

/** TensorFlow's own, then oneDNN's. */
const MATRIX_OPERATIONS = ['MatMul', '_MklMatMul'] as const;
const STACK_OPERATIONS = ['BatchMatMulV2', '_MklBatchMatMulV2'] as const;

const info = await startEngine({ engine: 'node' });
console.log(`${info.device}, ${info.threads} threads; GFLOP/s, medians of 51`);
const time = productTimer();
function report(shape: ProductShape, stack?: number): void {
  const [rows, inner, columns, transposed] = shape;
  const operations = stack === undefined ? MATRIX_OPERATIONS : STACK_OPERATIONS;
  const [own, oneDnn] = operations.map((operation) => {
    const rate = (2 * (stack ?? 1) * rows * inner * columns) / time(operation, shape, stack);
    return rate.toFixed(0).padStart(4);
  });
  const factors = `[${rows}, ${inner}] x [${inner}, ${columns}]${transposed ? ` ${transposed}^T` : ''}`;
  const name = stack === undefined ? factors : `${stack} x ${factors}`;
  console.log(`${name.padEnd(30)} TensorFlow ${own}, oneDNN ${oneDnn}`);
}
for (const shape of [...MATRICES, ...FEW_ROWS]) report(shape);
for (const [stack, shape] of STACKS) report(shape, stack);
process.exit();
