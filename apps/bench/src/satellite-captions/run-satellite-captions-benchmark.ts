import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runEim } from './run-eim.js';
import { trainUnlessDone } from './train-unless-done.js';

const CONFIGS = fileURLToPath(new URL('../../../../configs', import.meta.url));

/** What `eim compare --json` prints, as far as it is needed here. */
export interface SatelliteComparison {
  readonly report: string;
  readonly pictures: number;
  readonly runs: readonly {
    readonly name: string;
    readonly scores: { readonly CIDEr: number; readonly Bleu_4: number };
    readonly steps: number;
    readonly multiplyAdds: number;
    readonly seconds: number;
  }[];
  readonly baselines: readonly {
    readonly name: string;
    readonly scores: { readonly CIDEr: number; readonly Bleu_4: number };
  }[];
  readonly comparisons: readonly {
    readonly better: string;
    readonly than: string;
    readonly difference: number;
    /** Two-sided. */
    readonly pValue: number;
  }[];
  readonly computeRatio: number;
}

/** Trains the satellite configs into `folder/plain` and `folder/eim` unless they are there, and compares them. */
export async function runSatelliteCaptionsBenchmark(
  folder: string,
  note: (line: string) => void,
): Promise<SatelliteComparison> {
  const [plain, eim] = [join(folder, 'plain'), join(folder, 'eim')] as const;
  await trainUnlessDone(join(CONFIGS, 'rsicd-plain.yaml'), plain, note);
  await trainUnlessDone(join(CONFIGS, 'rsicd-eim.yaml'), eim, note);
  const out = join(folder, `compare-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`);
  return JSON.parse(await runEim(['compare', plain, eim, '--out', out, '--json'])) as SatelliteComparison;
}
