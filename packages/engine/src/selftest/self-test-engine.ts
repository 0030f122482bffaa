import type { EngineInfo, EngineName } from '../start/engine-types.js';
import { startEngine } from '../start/start-engine.js';
import { ALL_OP_CASES } from './all-op-cases.js';
import { type CheckedCase, checkOpCase } from './check-op-case.js';
import { withoutGaps } from './known-gaps.js';
import { caseName } from './op-case.js';
import { type ProductRates, productRates } from './product-rates.js';

export interface SelfTestReport {
  readonly engine: EngineInfo;
  /** True where every case passed. */
  readonly passed: boolean;
  readonly cases: number;
  /** Largest error of any value or gradient against float64, relative to the larger of 1 and the value. */
  readonly largestError: number;
  readonly problems: readonly { readonly case: string; readonly problem: string }[];
  /** By operation: how many cases ran, and the largest error. */
  readonly operations: Readonly<Record<string, { readonly cases: number; readonly error: number }>>;
  /** GFLOP/s. */
  readonly products: ProductRates;
}

/**
 * Starts an engine and checks every operation that models use, forward and backward, against float64.
 * @throws EimError 'engine-unavailable' where it does not start
 */
export async function selfTestEngine(name: EngineName, threads?: number): Promise<SelfTestReport> {
  const engine = await startEngine({ engine: name, ...(threads !== undefined && { threads }) });
  const problems: { case: string; problem: string }[] = [];
  const operations: Record<string, { cases: number; error: number }> = {};
  let cases = 0;
  for (const one of ALL_OP_CASES) {
    const able = withoutGaps(name, one);
    if (!able) continue;
    cases += 1;
    const { error, problem } = await attempt(() => checkOpCase(able));
    const known = operations[one.op] ?? { cases: 0, error: 0 };
    operations[one.op] = { cases: known.cases + 1, error: Math.max(known.error, error) };
    if (problem !== undefined) problems.push({ case: caseName(one), problem });
  }
  return {
    engine,
    passed: problems.length === 0,
    cases,
    largestError: Object.values(operations).reduce((most, { error }) => Math.max(most, error), 0),
    problems,
    operations,
    products: await productRates(),
  };
}

async function attempt(check: () => Promise<CheckedCase>): Promise<CheckedCase> {
  try {
    return await check();
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return { error: Number.POSITIVE_INFINITY, problem };
  }
}
