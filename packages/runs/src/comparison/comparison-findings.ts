import type { ReportRun } from '@eim/report';
import { formatP } from '@eim/report';
import type { ScoredRuns } from './score-runs.js';

/** A difference counts as one if its p-value is below this. */
const SIGNIFICANT = 0.05;

/** What a comparison shows, in sentences that are true for any outcome. */
export function comparisonFindings(
  runs: readonly ReportRun[],
  { baselines, comparisons }: Pick<ScoredRuns, 'baselines' | 'comparisons'>,
): string[] {
  const findings: string[] = [];
  const [first] = comparisons;
  const cider = (name: string) => runs.find((run) => run.name === name)?.scores?.CIDEr ?? Number.NaN;
  if (first) {
    const { better, than, difference, pValue } = first;
    const verdict =
      pValue >= SIGNIFICANT
        ? 'no clear difference on these pictures'
        : `${difference > 0 ? better : than} is better`;
    findings.push(
      `CIDEr ${cider(better).toFixed(3)} for ${better} and ${cider(than).toFixed(3)} for ${than}: ${verdict} (paired bootstrap, p ${formatP(pValue)}).`,
    );
  }
  const human = baselines.find(({ comparable }) => !comparable);
  if (human) {
    const shares = runs.map(
      ({ name }) => `${name} ${Math.round((cider(name) / (human.scores.CIDEr ?? 1)) * 100)} %`,
    );
    findings.push(
      `Of what one human sentence scores (CIDEr ${human.scores.CIDEr?.toFixed(3)}): ${shares.join(', ')}.`,
    );
  }
  const [one, other] = runs;
  if (one && other) {
    const ratio = computeRatio(runs);
    findings.push(
      `Training ${one.name} took ${ratio.toFixed(2)} times the multiply-adds of ${other.name}, gates included.`,
    );
  }
  for (const { name, gates } of runs) {
    if (gates.length === 0) continue;
    const kept = gates.filter((gate) => gate.kept).length;
    findings.push(
      kept === 0
        ? `All ${gates.length} gates of ${name} rolled their segments back: no measure helped.`
        : `${kept} of ${gates.length} gated segments of ${name} were kept.`,
    );
  }
  return findings;
}

/** Multiply-adds of the first run divided by those of the second. */
export function computeRatio([first, second]: readonly Pick<ReportRun, 'multiplyAdds'>[]): number {
  return first!.multiplyAdds / second!.multiplyAdds;
}
