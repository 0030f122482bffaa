/** The mean of a metric's values of single pictures; of none, 0. */
export const meanOfEach = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
