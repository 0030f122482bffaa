import { EimError } from '@eim/contracts';
import { type EngineName, type EngineStatus, listEngines } from '@eim/engine';
import type { ProductRates } from '@eim/engine/node';
import { runSelf } from './run-self.js';

/** An engine as it was found by starting it. */
export interface MeasuredEngine {
  readonly name: EngineName;
  /** True where it started. */
  readonly starts: boolean;
  /** What runs, or why nothing does. */
  readonly reason: string;
  /** What to do to get it; empty where nothing is needed. */
  readonly advice: string;
  readonly device?: string;
  readonly threads?: number;
  /** GFLOP/s of matrix products. */
  readonly products?: ProductRates;
}

/** What `eim engine selftest NAME --quick --json` prints. */
interface QuickReport {
  readonly engine: { readonly device: string; readonly threads: number };
  readonly products: ProductRates;
}

/** Starts every engine that could start, each in a process of its own, and measures its products. */
export async function measuredEngines(
  signal: AbortSignal,
  onEngine: (done: number, total: number, name: string) => void,
): Promise<MeasuredEngine[]> {
  const known = await listEngines();
  const measured: MeasuredEngine[] = [];
  for (const [index, status] of known.entries()) {
    onEngine(index, known.length, status.name);
    measured.push(await measure(status, signal));
  }
  return measured;
}

async function measure(
  { name, ok, reason, advice }: EngineStatus,
  signal: AbortSignal,
): Promise<MeasuredEngine> {
  if (!ok) return { name, starts: false, reason, advice };
  try {
    const words = ['engine', 'selftest', name, '--quick'];
    const { engine, products } = (await runSelf(words, { EIM_ENGINE: '' }, signal)) as QuickReport;
    const { device, threads } = engine;
    return { name, starts: true, reason: `Runs on ${device}.`, advice, device, threads, products };
  } catch (error) {
    if (EimError.isInstance(error) && error.code === 'interrupted') throw error;
    return {
      name,
      starts: false,
      reason: error instanceof Error ? error.message : String(error),
      advice: '',
    };
  }
}
