import { measureMultiplyAdds, startEngine } from '@eim/engine';
import { createEngineStep } from './engine-model.js';
import { initialParameters } from './initial-parameters.js';
import { createMatrixProducts, WEIGHT_MULTIPLY_ADDS } from './matrix-products.js';
import { median } from './median.js';
import { stepInputs } from './step-inputs.js';
import { startStockProcess } from './stock-process.js';

export interface EngineStepReport {
  readonly engineSeconds: number;
  readonly stockSeconds: number;
  /** Median of the pairs' ratios, stock to engine; at least 7 is wanted. */
  readonly speedup: number;
  readonly speedupRange: readonly [number, number];
  /** All of the step's products at the rate of its plain 2-D products. */
  readonly productSeconds: number;
  /** Median ratio of a step to its products; at most 1.5 is wanted. */
  readonly overProducts: number;
  readonly overProductsRange: readonly [number, number];
  readonly multiplyAdds: number;
  /** First losses of both, which must agree. */
  readonly losses: { readonly engine: number; readonly stock: number };
}

/**
 * Times a training step on the engine against the same in stock TensorFlow.js on wasm, in interleaved pairs, and
 * against its matrix products alone.
 * @param pairs @default 5
 * @param note called with each measurement in words
 */
export async function runEngineStepBenchmark(
  pairs = 5,
  note: (line: string) => void = () => {},
): Promise<EngineStepReport> {
  await startEngine({ engine: 'wasm' });
  const step = createEngineStep(initialParameters(), stepInputs());
  const products = createMatrixProducts();
  const stock = await startStockProcess();
  try {
    const first = measureMultiplyAdds(step);
    const firstStock = await stock.step();
    for (let warmUp = 0; warmUp < 2; warmUp++) {
      step();
      products();
    }
    const scale = first.multiplyAdds / WEIGHT_MULTIPLY_ADDS;
    const engine: number[] = [];
    const other: number[] = [];
    const alone: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      alone.push(seconds(products) * scale);
      engine.push(seconds(step));
      other.push((await stock.step()).seconds);
      note(
        `pair ${pair + 1}: engine ${engine[pair]!.toFixed(3)} s, stock ${other[pair]!.toFixed(2)} s, ` +
          `products alone ${alone[pair]!.toFixed(3)} s`,
      );
    }
    const speedups = engine.map((value, pair) => other[pair]! / value);
    const overheads = engine.map((value, pair) => value / alone[pair]!);
    return {
      engineSeconds: median(engine),
      stockSeconds: median(other),
      speedup: median(speedups),
      speedupRange: [Math.min(...speedups), Math.max(...speedups)],
      productSeconds: median(alone),
      overProducts: median(overheads),
      overProductsRange: [Math.min(...overheads), Math.max(...overheads)],
      multiplyAdds: first.multiplyAdds,
      losses: { engine: first.result, stock: firstStock.loss },
    };
  } finally {
    stock.stop();
  }
}

function seconds(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}
