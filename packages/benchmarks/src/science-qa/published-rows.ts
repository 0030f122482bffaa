import { COLUMNS, type ScienceQaColumn } from './columns.js';

/** A line of the published table on the test split. */
export interface PublishedRow {
  readonly name: string;
  readonly accuracy: Readonly<Record<ScienceQaColumn, number>>;
}

/**
 * From the papers of ScienceQA (Lu et al., NeurIPS 2022), MM-CoT (Zhang et al., 2023), LLaMA-Adapter, LLaVA,
 * LaVIN and MemVP; the same rows stand in the benchmark's leaderboard. In the order of the columns.
 */
const ROWS: readonly (readonly [string, ...number[]])[] = [
  ['Random chance', 40.28, 46.13, 29.25, 47.45, 40.08, 33.66, 39.35, 40.67, 39.83],
  ['Human', 90.23, 84.97, 87.48, 89.6, 87.5, 88.1, 91.59, 82.42, 88.4],
  ['UnifiedQA (CoT)', 71.0, 76.04, 78.91, 66.42, 66.53, 81.81, 77.06, 68.82, 74.11],
  ['GPT-3', 74.64, 69.74, 76.0, 74.44, 67.28, 77.42, 76.8, 68.89, 73.97],
  ['GPT-3 (CoT)', 75.44, 70.87, 78.09, 74.68, 67.43, 79.93, 78.23, 69.68, 75.17],
  ['GPT-4', 84.06, 73.45, 87.36, 81.87, 70.75, 90.73, 84.69, 79.1, 82.69],
  ['MM-CoT base', 87.52, 77.17, 85.82, 87.88, 82.9, 86.83, 84.65, 85.37, 84.91],
  ['MM-CoT large', 95.91, 82.0, 90.82, 95.26, 88.8, 92.89, 92.44, 90.31, 91.68],
  ['LLaMA-Adapter (text)', 79.0, 73.79, 80.55, 78.3, 70.35, 83.14, 79.77, 75.68, 78.31],
  ['LLaMA-Adapter', 84.37, 88.3, 84.36, 83.72, 80.32, 86.9, 85.83, 84.05, 85.19],
  ['LLaVA-13B', 90.36, 95.95, 88.0, 89.49, 88.0, 90.66, 90.93, 90.9, 90.92],
  ['LLaVA-13B + GPT-4', 91.56, 96.74, 91.09, 90.62, 88.99, 93.52, 92.73, 92.16, 92.53],
  ['LaVIN-7B', 89.25, 94.94, 85.24, 88.51, 87.46, 88.08, 90.16, 88.07, 89.41],
  ['LaVIN-13B', 90.32, 94.38, 87.73, 89.44, 87.65, 90.31, 91.19, 89.26, 90.5],
  ['MemVP-7B', 94.45, 95.05, 88.64, 93.99, 92.36, 90.94, 93.1, 93.01, 93.07],
];

/** For comparison with a result on all 4,241 test questions. */
export const PUBLISHED_ROWS: readonly PublishedRow[] = ROWS.map(([name, ...values]) => ({
  name,
  accuracy: Object.fromEntries(COLUMNS.map((column, index) => [column, values[index]!])) as Record<
    ScienceQaColumn,
    number
  >,
}));

/** Questions of the test split. */
export const TEST_QUESTIONS = 4241;
