import { EimError } from '@eim/contracts';
import { describe, expect, it } from 'vitest';
import type { ConfigIssue } from './config-issues.js';
import { parsePlan } from './parse-plan.js';

const align = {
  name: 'align',
  learn: { st: { select: 'full', learningRate: 1e-3 } },
  objective: { use: 'embedding-alignment' },
  data: 'train',
  until: { steps: 200 },
  gate: { metric: 'retrieval@1', split: 'val', direction: 'max', tolerance: 0 },
};

const issuesOf = (input: unknown): readonly ConfigIssue[] => {
  try {
    parsePlan(input, { at: 'plan' });
  } catch (error) {
    if (EimError.isInstance(error)) return error.data.issues as ConfigIssue[];
    throw error;
  }
  return [];
};

describe('parsePlan', () => {
  it('fills in every default of the form in the design', () => {
    const [segment] = parsePlan({ segments: [align] }).segments;
    expect(segment).toEqual({
      name: 'align',
      learn: { st: { select: 'full', learningRate: 1e-3, layerDecay: 1, weightDecay: 0 } },
      objective: { use: 'embedding-alignment', options: {}, weightDecay: 0 },
      data: { split: 'train', augment: [] },
      until: { steps: 200 },
      gate: { metric: 'retrieval@1', split: 'val', direction: 'max', rule: 'tolerance', tolerance: 0 },
      batchSize: 32,
      captionsPerPicture: 1,
      accumulate: 1,
      checkpointActivations: false,
      schedule: 'cosine',
      onNumericFailure: 'go-back',
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    });
  });

  it('parses what it returns to the same plan', () => {
    const plan = parsePlan({ segments: [{ ...align, objective: 'caption' }] });
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('reports all mistakes at once with their paths', () => {
    const issues = issuesOf({
      segments: [
        { ...align, learn: { st: { select: 'half', learningRate: 1e-3 }, vision: {} } },
        { ...align, until: { steps: 1, epochs: 1 }, warmupStep: 3 },
        { ...align, name: 'other', learn: { llm: { select: { lastBlocks: 2 } } }, batchSize: 0 },
      ],
    });
    expect(issues.map(({ path }) => path).sort()).toEqual(
      [
        'plan.segments.0.learn',
        'plan.segments.0.learn.st.select',
        'plan.segments.1',
        'plan.segments.1.until',
        'plan.segments.2.batchSize',
        'plan.segments.2.learn.llm.learningRate',
      ].sort(),
    );
    expect(issues.find(({ path }) => path.endsWith('select'))?.message).toContain("'norms-and-biases'");
  });

  it('takes one way of keeping the best weights', () => {
    const keepBest = { metric: 'loss', direction: 'min', every: 10 };
    const [segment] = parsePlan({ segments: [{ ...align, keepBest }] }).segments;
    expect(segment!.keepBest).toEqual({ ...keepBest, split: 'val' });
    const until = { steps: 5, earlyStopping: { ...keepBest, patience: 1 } };
    expect(issuesOf({ segments: [{ ...align, keepBest, until }] })).toEqual([
      {
        path: 'plan.segments.0.keepBest',
        message: 'cannot be given together with until.earlyStopping, which keeps the best weights itself',
      },
    ]);
    expect(issuesOf({ segments: [{ ...align, keepBest: { ...keepBest, every: 0 } }] })[0]!.path).toBe(
      'plan.segments.0.keepBest.every',
    );
  });

  it('takes the rule of a gate, and refuses a tolerance that it would not read', () => {
    const gate = { metric: 'loss', direction: 'min', rule: 'standard-error' };
    const [segment] = parsePlan({ segments: [{ ...align, gate }] }).segments;
    expect(segment!.gate).toEqual({ ...gate, split: 'val', tolerance: 0 });
    expect(parsePlan({ segments: [segment!] }).segments[0]).toEqual(segment);
    expect(issuesOf({ segments: [{ ...align, gate: { ...gate, tolerance: 0.1 } }] })).toEqual([
      {
        path: 'plan.segments.0.gate.tolerance',
        message: "is not read by the rule 'standard-error', by which the metric has to get better",
      },
    ]);
    expect(issuesOf({ segments: [{ ...align, gate: { ...gate, rule: 'z-test' } }] })[0]!.path).toBe(
      'plan.segments.0.gate.rule',
    );
  });

  it('reads the settings of a caption probe where they are for one', () => {
    const gate = { metric: 'caption-probe', direction: 'min', probe: { learningRate: 2e-5 } };
    const [segment] = parsePlan({ segments: [{ ...align, gate }] }).segments;
    expect(segment!.gate!.probe).toEqual({ steps: 40, batchSize: 32, learningRate: 2e-5 });
    const pathsOf = (changes: object) =>
      issuesOf({ segments: [{ ...align, ...changes }] }).map(({ path }) => path);
    expect(pathsOf({ gate: { ...gate, metric: 'loss' } })).toEqual(['plan.segments.0.gate.probe']);
    expect(pathsOf({ gate: { ...gate, direction: 'max' } })).toEqual(['plan.segments.0.gate.direction']);
    expect(pathsOf({ gate: { ...gate, probe: { rate: 1 } } })).toEqual(['plan.segments.0.gate.probe']);
    const keepBest = { metric: 'caption-probe', direction: 'min', every: 10 };
    expect(pathsOf({ keepBest })).toEqual(['plan.segments.0.keepBest.metric']);
    expect(pathsOf({ until: { steps: 5, earlyStopping: { ...keepBest, patience: 1 } } })).toEqual([
      'plan.segments.0.until.earlyStopping.metric',
    ]);
  });

  it('takes the shares that a gate measures', () => {
    const gate = { metric: 'loss', direction: 'min' };
    const of = (interpolate: unknown) => ({ segments: [{ ...align, gate: { ...gate, interpolate } }] });
    expect(parsePlan(of(true)).segments[0]!.gate!.interpolate).toBe(true);
    expect(parsePlan(of([0.5, 1])).segments[0]!.gate!.interpolate).toEqual([0.5, 1]);
    for (const wrong of [[], [0, 1], [0.5, 1.5], [1, 0.5], [0.5, 0.5], 'yes', 0.5]) {
      expect(issuesOf(of(wrong))[0]!.path).toMatch(/^plan\.segments\.0\.gate\.interpolate/);
    }
  });

  it('refuses two segments of one name and an empty plan', () => {
    expect(issuesOf({ segments: [align, align] })).toEqual([
      { path: 'plan.segments.1.name', message: "'align' is already the name of segment 1" },
    ]);
    expect(issuesOf({ segments: [] })).toEqual([
      { path: 'plan.segments', message: 'a plan needs at least one segment' },
    ]);
  });

  it('needs exactly one of steps and epochs', () => {
    expect(issuesOf({ segments: [{ ...align, until: {} }] })).toEqual([
      { path: 'plan.segments.0.until', message: 'needs exactly one of steps and epochs' },
    ]);
  });
});
