import { choleskyFactor, solveByCholesky } from './cholesky.js';

/** Rows of equal length, one a picture. */
export type Rows = readonly ArrayLike<number>[];

/** A linear map from features to targets. */
export interface RidgeRegression {
  /** @param features `[M, D]` @returns `[M, W]` */
  predict(features: Rows): Float64Array[];
}

/**
 * Prepares ridge regressions from the same features to the same targets, one for each strength that is asked for.
 * Features are brought to mean 0 and deviation 1 and targets to mean 0 first, so the constant is not shrunk
 * (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd edition, section 3.4.1). The
 * penalty is `strength` times the number of rows.
 *
 * @param features `[N, D]`
 * @param targets `[N, W]`
 * @example
 * const fit = ridgeRegressions(trainFeatures, trainWords);
 * const [words] = fit(0.1).predict([features]);
 */
export function ridgeRegressions(features: Rows, targets: Rows): (strength: number) => RidgeRegression {
  const scale = standardisation(features);
  const rows = features.map((row) => scale(row)); // [N, D]
  const [size, width] = [rows[0]!.length, targets[0]!.length];
  const means = columnMeans(targets); // [W]
  const gram = new Float64Array(size * size); // [D, D], lower triangle
  const products = new Float64Array(size * width); // [D, W]
  for (const [index, row] of rows.entries()) {
    const target = Float64Array.from(targets[index]!, (value, i) => value - means[i]!); // [W]
    for (let i = 0; i < size; i++) {
      const value = row[i]!;
      if (value === 0) continue;
      addTimes(gram.subarray(i * size, i * size + i + 1), row, value);
      addTimes(products.subarray(i * width, (i + 1) * width), target, value);
    }
  }
  return (strength) => {
    const penalised = gram.slice();
    for (let i = 0; i < size; i++) penalised[i * size + i]! += strength * rows.length;
    const weights = products.slice(); // [D, W]
    solveByCholesky(choleskyFactor(penalised, size), size, weights);
    const predictRow = (features: ArrayLike<number>): Float64Array => {
      const predicted = means.slice(); // [W]
      scale(features).forEach((value, i) => {
        addTimes(predicted, weights.subarray(i * width, (i + 1) * width), value);
      });
      return predicted;
    };
    return { predict: (features) => features.map(predictRow) };
  };
}

function addTimes(target: Float64Array, source: Float64Array, times: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += times * source[i]!;
}

function columnMeans(rows: Rows): Float64Array {
  const means = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let i = 0; i < means.length; i++) means[i]! += row[i]! / rows.length;
  return means;
}

/** Mean 0 and deviation 1 for each column of the rows given; a column that never changes becomes 0. */
function standardisation(rows: Rows): (row: ArrayLike<number>) => Float64Array {
  const means = columnMeans(rows);
  const squares = new Float64Array(means.length);
  for (const row of rows) {
    for (let i = 0; i < means.length; i++) squares[i]! += (row[i]! - means[i]!) ** 2 / rows.length;
  }
  const factors = squares.map((square) => (square > 1e-20 ? 1 / Math.sqrt(square) : 0));
  return (row) => means.map((mean, i) => (row[i]! - mean) * factors[i]!);
}
