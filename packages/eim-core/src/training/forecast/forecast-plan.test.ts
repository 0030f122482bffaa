import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../plan/parse-plan.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import type { PlanCost } from '../budget/plan-cost.js';
import type { SavePolicy } from '../run/train-options.js';
import { tinySegment } from '../test-support/tiny-run.js';
import { forecastPlan } from './forecast-plan.js';
import type { SegmentTrial } from './segment-trial.js';
import type { PlanTrials } from './try-plan.js';

const TRIAL: SegmentTrial = {
  stepSeconds: 0.5,
  timedSteps: 5,
  firstSeconds: 2,
  textLength: 10,
  beginSeconds: 1,
  saveSeconds: 0,
  evaluationSeconds: { 'loss on val': 3 },
  features: 'unused',
  stateBytes: 0,
  weightBytes: 0,
};

const split = { rows: 100, pictures: 100, sampledRows: 10, sampledPictures: 10 };

interface Case {
  readonly segment?: Partial<SegmentInput>;
  readonly trial?: Partial<SegmentTrial>;
  readonly encodedPictures?: number;
  readonly encodedTexts?: number;
  readonly byLength?: readonly { textLength: number; steps: number; perStep: number }[];
}

/** Segments of 20 steps with these times, each with what changes in it. */
function forecast(
  cases: readonly Case[],
  { save, ...more }: Partial<PlanTrials> & { save?: SavePolicy } = {},
) {
  const segments = cases.map(({ segment }, index) =>
    tinySegment({ name: `s${index}`, until: { steps: 20 }, batchSize: 4, ...segment }),
  );
  const costs = cases.map(({ encodedPictures = 0, encodedTexts = 0, byLength }) => ({
    steps: 20,
    encodedPictures,
    encodedTexts,
    byLength: byLength ?? [{ textLength: 10, steps: 20, perStep: 100 }],
  }));
  return forecastPlan({
    plan: parsePlan({ segments }),
    cost: { segments: costs } as unknown as PlanCost,
    trials: {
      segments: cases.map(({ trial }) => ({ ...TRIAL, ...trial })),
      splits: { train: split, val: { ...split, rows: 40, pictures: 40 } },
      startSeconds: 0.25,
      decodeSeconds: 0.01,
      pictureBytes: 0,
      pictureLimit: 1000,
      ...more,
    },
    save,
  });
}

describe('a forecast', () => {
  it('is the steps at the median, what the first ones took beyond it, and the start', () => {
    const { segments, total } = forecast([{}]);
    expect(segments[0]).toMatchObject({ stepSeconds: 0.5, steps: 10, begin: 3, gate: 0, encoding: 0 });
    expect(total).toBeCloseTo(13.25);
  });

  it('takes steps on other lengths as long as their multiply-adds are many, and records each length', () => {
    const byLength = [
      { textLength: 10, steps: 15, perStep: 100 },
      { textLength: 20, steps: 5, perStep: 300 },
    ];
    const { segments } = forecast([{ byLength }]);
    expect(segments[0]!.steps).toBeCloseTo(15 * 0.5 + 5 * 1.5);
    expect(segments[0]!.begin).toBe(1 + 2 * 2);
  });

  it('counts a step of several batches as the trial took it', () => {
    const byLength = [{ textLength: 10, steps: 60, perStep: 100 }];
    expect(forecast([{ segment: { accumulate: 3 }, byLength }]).segments[0]!.steps).toBeCloseTo(10);
  });

  it('measures a gate twice on all rows, and the best weights every so often and at the end', () => {
    const rule = { metric: 'loss', split: 'val', direction: 'min' } as const;
    const { segments } = forecast([{ segment: { gate: rule, keepBest: { ...rule, every: 6 } } }]);
    expect(segments[0]!.gate).toBeCloseTo(2 * 3 * 4);
    expect(segments[0]!.evaluations).toBeCloseTo(4 * 3 * 4);
  });

  it('fits a word probe to the pictures of both splits', () => {
    const gate = { metric: 'word-probe', split: 'val', direction: 'max' } as const;
    const trial = { evaluationSeconds: { 'word-probe on val': 1 } };
    expect(forecast([{ segment: { gate }, trial }]).segments[0]!.gate).toBeCloseTo((2 * (100 + 40)) / 20);
  });

  it('encodes pictures where they are new, those of evaluations once', () => {
    const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
    const trial = { features: 'cached', encodeSeconds: 0.1 } as const;
    const { encodeSeconds: _, ...known } = trial;
    const { segments } = forecast([
      { trial, encodedPictures: 100 },
      { trial: known, segment: { gate } },
      { trial: known, segment: { gate } },
      { trial: known, segment: { gate }, encodedPictures: 100 },
    ]);
    expect(segments.map(({ encoding }) => Math.round(encoding * 10))).toEqual([100, 40, 0, 140]);
    expect(segments[0]!.decoding).toBe(0);
  });

  it('runs texts through frozen lower blocks once for each segment', () => {
    const trial = { encodeTextSeconds: 0.2 };
    const { segments } = forecast([{ trial, encodedTexts: 50 }, { trial, encodedTexts: 50 }, { trial }]);
    expect(segments.map(({ encoding }) => Math.round(encoding))).toEqual([10, 10, 0]);
  });

  it('reads pictures that steps show once, and each time those for which memory has no room', () => {
    const trial = { features: 'computed' } as const;
    const shown = (more: Partial<PlanTrials>) =>
      forecast([{ trial }, { trial }], more).segments.map(({ decoding }) => Math.round(decoding * 100));
    expect(shown({})).toEqual([80, 0]);
    // 20 sampled pictures take 400 bytes, so 1,000 have room for half of a split; 20 of 40 draws come again.
    const repeated = { trial, segment: { batchSize: 7 } };
    const { segments } = forecast([repeated], { pictureBytes: 400 });
    expect(Math.round(segments[0]!.decoding * 100)).toBe(100 + 40 / 2);
  });

  it('saves by steps, or each minute, less often where saving takes long, and at the end', () => {
    const saved = (saveSeconds: number, stepSeconds: number, save?: SavePolicy) =>
      forecast([{ trial: { saveSeconds, stepSeconds } }], { ...(save && { save }) }).segments[0]!
        .checkpoints / saveSeconds;
    expect(saved(1, 0.5)).toBeCloseTo(1);
    expect(saved(1, 10)).toBeCloseTo(1 + 3);
    expect(saved(10, 10)).toBeCloseTo(1 + 1);
    expect(saved(1, 0.5, { steps: 5 })).toBeCloseTo(1 + 4);
  });
});
