import type { Tensor2D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { matMul } from '../ops/mat-mul.js';
import { createRandomStream } from '../random/create-random-stream.js';

/** Billions of multiplications and additions a second, of the three forms that training needs. */
export interface ProductRates {
  /** `A B`, the forward product. */
  readonly plain: number;
  /** `A B^T`, the gradient of a layer's input. */
  readonly secondTransposed: number;
  /** `A^T B`, the gradient of a weight. */
  readonly firstTransposed: number;
}

/** Seconds of each form: on slow engines one run is enough. */
const SECONDS = 0.3;

/** Measures square products of a size that suits the current engine's speed: 64 up to 1,024. */
export async function productRates(): Promise<ProductRates> {
  const size = await suitableSize();
  const rate = (transposeA: boolean, transposeB: boolean) => measure(size, transposeA, transposeB);
  return {
    plain: await rate(false, false),
    secondTransposed: await rate(false, true),
    firstTransposed: await rate(true, false),
  };
}

async function suitableSize(): Promise<number> {
  let size = 64;
  while (size < 1024) {
    const { seconds } = await timeOne(size, false, false);
    if (seconds > SECONDS / 16) break;
    size *= 2;
  }
  return size;
}

async function measure(size: number, transposeA: boolean, transposeB: boolean): Promise<number> {
  await timeOne(size, transposeA, transposeB);
  let best = Number.POSITIVE_INFINITY;
  const start = performance.now();
  do {
    const { seconds } = await timeOne(size, transposeA, transposeB);
    best = Math.min(best, seconds);
  } while (performance.now() - start < SECONDS * 1000);
  return Number(((2 * size ** 3) / best / 1e9).toPrecision(3));
}

async function timeOne(size: number, transposeA: boolean, transposeB: boolean): Promise<{ seconds: number }> {
  const random = createRandomStream('product-rates');
  const [a, b] = [random.uniformTensor([size, size]), random.uniformTensor([size, size])] as [
    Tensor2D,
    Tensor2D,
  ];
  // Values reach the engine with their first use.
  const warm = tidy(() => matMul(a, b, { transposeA, transposeB }));
  await warm.data();
  warm.dispose();
  const start = performance.now();
  const product = tidy(() => matMul(a, b, { transposeA, transposeB }));
  await product.data();
  const seconds = (performance.now() - start) / 1000;
  for (const tensor of [a, b, product]) tensor.dispose();
  return { seconds };
}
