/** Rows a step for which the base rate is meant. */
const BASE_ROWS = 256;

/**
 * The rule of MAE's programs (`--blr`), from which those of LLaMA-Adapter and LaVIN come: the rate for 256 rows a step, in
 * proportion.
 * @example
 * rateForRows(9e-3, 32); // 1.125e-3
 */
export const rateForRows = (baseRate: number, rows: number): number => (baseRate * rows) / BASE_ROWS;
