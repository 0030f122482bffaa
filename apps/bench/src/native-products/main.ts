// Run from the repository's root, after `npm run setup` and `npx eim engine install node`:
//   npm run bench -- native-products
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

const info = await startEngine({ engine: 'node' });
console.log(`${info.device}, ${info.threads} threads; GFLOP/s, medians of 51`);
const time = productTimer();
const row = (name: string, flops: number, own: number, oneDnn: number) =>
  console.log(
    `${name.padEnd(30)} TensorFlow ${(flops / own).toFixed(0).padStart(4)}, oneDNN ${(flops / oneDnn).toFixed(0).padStart(4)}`,
  );
for (const shape of [...MATRICES, ...FEW_ROWS]) {
  const [rows, inner, columns, transposed] = shape;
  const name = `[${rows}, ${inner}] x [${inner}, ${columns}]${transposed ? ` ${transposed}^T` : ''}`;
  row(name, 2 * rows * inner * columns, time('MatMul', shape), time('_MklMatMul', shape));
}
for (const [stack, shape] of STACKS) {
  const [rows, inner, columns, transposed] = shape;
  const name = `${stack} x [${rows}, ${inner}] x [${inner}, ${columns}]${transposed ? ` ${transposed}^T` : ''}`;
  const flops = 2 * stack * rows * inner * columns;
  row(name, flops, time('BatchMatMulV2', shape, stack), time('_MklBatchMatMulV2', shape, stack));
}
process.exit();
