import { EimError } from '@eim/contracts';
import { type Gate, interpolatedShares } from '../../plan/measured-by-schema.js';
import { type GateVerdict, gainOf, passesGate } from '../gates/gate-verdict.js';
import { interpolateWeights } from '../gates/interpolate-weights.js';
import type { Measurement } from '../gates/measurement.js';
import { type PairedDifference, pairedDifference } from '../gates/paired-difference.js';
import { restore, snapshot } from '../optimizer/snapshot.js';
import type { SegmentTraining } from './segment-training.js';

/** Measures a segment's gate before its first step. @throws EimError `invalid-config` where the metric has no pairs to compare */
export async function measureBefore(run: SegmentTraining): Promise<void> {
  const { gate } = run.segment;
  if (gate) run.gateBefore = await measureGate(run);
}

/**
 * Measures a segment's gate after it, at each share that the gate asks for, and leaves the weights of the best that passes, or those
 * of the segment's start.
 * @returns nothing for a segment without a gate
 */
export async function judgeGate(run: SegmentTraining): Promise<GateVerdict | undefined> {
  const { gate } = run.segment;
  if (!gate) return undefined;
  const { weights } = run.learner;
  const end = gate.interpolate ? await snapshot(weights) : [];
  const leave = (share: number) => {
    if (gate.interpolate || share === 0) restore(weights, interpolateWeights(run.start, end, share));
  };
  const tried: (GateVerdict & { readonly share: number })[] = [];
  for (const share of interpolatedShares(gate)) {
    leave(share);
    tried.push({ ...verdictOf(run, gate, await measureGate(run)), share });
  }
  const { share, ...verdict } = bestOf(tried);
  const left = verdict.kept ? share : 0;
  leave(left);
  if (!gate.interpolate) return verdict;
  const measured = tried.map(({ share, after }) => ({ share, value: after }));
  return { ...verdict, share: left, measured };
}

function verdictOf(run: SegmentTraining, gate: Gate, after: Measurement): GateVerdict {
  const before = run.gateBefore!;
  const paired = gate.rule === 'standard-error' ? pairsOf(before, after, run) : undefined;
  const verdict = { ...gate, before: before.value, after: after.value, ...(paired && { paired }) };
  return { ...verdict, kept: passesGate(verdict) };
}

/** The one with the greatest gain of those that pass, or where none does, of all; of equals the last. */
function bestOf<Verdict extends GateVerdict>(tried: readonly Verdict[]): Verdict {
  const passed = tried.filter(({ kept }) => kept);
  return (passed.length > 0 ? passed : tried).reduce((best, other) =>
    gainOf(other) >= gainOf(best) || Number.isNaN(gainOf(best)) ? other : best,
  );
}

/** A gate's numbers for a run's log. */
export function gateNumbers({
  metric,
  before,
  after,
  paired,
  share,
  kept,
}: GateVerdict): Record<string, number> {
  return {
    [`gate/${metric}/before`]: before,
    [`gate/${metric}/after`]: after,
    ...(paired && { 'gate/gain': paired.gain, 'gate/standardError': paired.standardError }),
    ...(share !== undefined && { 'gate/share': share }),
    'gate/kept': kept ? 1 : 0,
  };
}

async function measureGate(run: SegmentTraining): Promise<Measurement> {
  const { name } = run.segment;
  const { metric, split, half, rule, probe } = run.segment.gate!;
  const measured = await run.measure({ metric, split, half, probe, each: rule === 'standard-error' });
  if (rule === 'tolerance') return measured;
  const { length = 0 } = measured.each ?? {};
  if (length >= 2) return measured;
  const why = measured.each
    ? `which was measured on ${length} picture${length === 1 ? '' : 's'}, and one difference has no standard error`
    : 'which is no mean over pictures, or whose pictures are not told';
  throw new EimError({
    code: 'invalid-config',
    message: `The gate of segment '${name}' compares '${metric}' of '${split}' picture by picture (gate.rule: standard-error), ${why}.`,
    advice: "Take another metric, or the rule 'tolerance'.",
    data: { segment: name, metric, split, pictures: length },
  });
}

function pairsOf(before: Measurement, after: Measurement, { segment }: SegmentTraining): PairedDifference {
  const [from, to] = [before.each!, after.each!];
  const { metric, direction } = segment.gate!;
  if (from.length === to.length) return pairedDifference(from, to, direction);
  throw new EimError({
    code: 'invariant-violated',
    message: `The metric '${metric}' of segment '${segment.name}' gave ${from.length} values before and ${to.length} after: they cannot be compared picture by picture.`,
    advice: "Mend the objective that measures it, or take the rule 'tolerance'.",
    data: { segment: segment.name, metric, before: from.length, after: to.length },
  });
}
