import type { Row, Tokenizer } from '@eim/contracts';
import type { ModelParts, Objective } from '@eim/contracts/model';
import { createRandomStream, ShapesPass } from '@eim/engine';
import { type ParameterLedger, parameterLedger } from '../../ledger/parameter-ledger.js';
import type { Plan } from '../../plan/plan-schema.js';
import { behindPrefix } from '../feature-cache/behind-prefix.js';
import { picturePrefix } from '../feature-cache/picture-prefix.js';
import { createObjective } from '../run/create-objective.js';
import type { ObjectiveEntry } from '../run/train-options.js';
import { behindTextPrefix } from '../text-states/behind-text-prefix.js';
import { textPrefix } from '../text-states/text-prefix.js';
import { beginCost } from './begin-cost.js';
import { gateCost } from './gate-cost.js';
import { ForetoldCache } from './picture-cost.js';
import { type GatedSegmentCost, segmentCost } from './segment-cost.js';
import type { SplitShape } from './split-shape.js';

/** What a plan will cost. */
export interface PlanCost {
  readonly segments: readonly GatedSegmentCost[];
  /** Multiply-adds of all segments. */
  readonly total: number;
  /**
   * Multiply-adds that gates will spend beside that, at most; metrics from outside are not counted. A comparison charges them to
   * the side that has the gates.
   */
  readonly gates: number;
  /** Parameters by part: for inference, trainable in each segment, and in training only. */
  readonly ledger: ParameterLedger;
}

export interface PlanCostOptions {
  /** A model made in the pass, or one that an engine holds. It is not changed. */
  readonly model: ModelParts;
  readonly plan: Plan;
  /** Gives the shape of a split that the plan trains on, by its name. */
  readonly split: (name: string) => SplitShape;
  /** What objectives that ask for the rows of a split get. */
  readonly rows?: ((split: string) => readonly Row[]) | undefined;
  readonly tokenizer?: Tokenizer | undefined;
  /** Objectives by name, in addition to the built-in ones. */
  readonly objectives?: Readonly<Record<string, ObjectiveEntry>> | undefined;
  /** Metrics from outside by name: what a gate on them costs is not counted. */
  readonly metrics?: Readonly<Record<string, unknown>> | undefined;
  /** `'off'`: outputs of what is frozen are computed anew for every batch. Absent: the feature cache keeps them. */
  readonly featureCache?: 'off' | undefined;
}

/**
 * Training compute and memory of a plan that runs to its end, from shapes alone: the same numbers on every engine.
 * Early stopping makes a run cheaper than this, and steps that are repeated after a numeric failure dearer. Gates are
 * told apart, and what finds the best weights is not counted.
 * @param pass the pass that the model was made in. @default a new one
 * @throws EimError `invalid-config` or `plugin-not-found` where a segment cannot run as it is written
 * @example
 * const captions = longestSplitShape({ pictures: 1800, captionsPerPicture: 5, textLength: 26 }, true);
 * const { total, segments } = await planCost({ model, plan, split: () => captions });
 */
export async function planCost(options: PlanCostOptions, pass = new ShapesPass()): Promise<PlanCost> {
  const { model, plan, split, rows, tokenizer, objectives, featureCache, metrics = {} } = options;
  const random = createRandomStream('shapes');
  const cache = featureCache === 'off' ? undefined : new ForetoldCache();
  const segments: GatedSegmentCost[] = [];
  const made = new Map<string, Objective>();
  for (const segment of plan.segments) {
    const { split: name } = segment.data;
    const shape = split(name);
    const context = {
      random,
      parts: model,
      ...(tokenizer && { tokenizer }),
      ...(rows && { rows: rows(name) }),
    };
    const plain = await pass.run(() => createObjective(segment, context, objectives));
    const pictures = picturePrefix(model, plain, segment, pass);
    const { answerCount } = shape;
    const texts = textPrefix({ model, objective: plain, segment, pictures, answerCount, pass });
    const objective = behindTextPrefix(behindPrefix(plain, pictures), texts);
    made.set(segment.name, objective);
    const cost = segmentCost(pass, { model, segment, objective, split: shape, cache });
    const isCached = cache !== undefined;
    const gates = gateCost(pass, { model, segment, objective, split, metrics, isCached });
    const begin = beginCost(pass, model, objective);
    segments.push({ ...cost, encoding: cost.encoding + begin, total: cost.total + begin, gates });
    cache?.learnt(model, segment);
  }
  return {
    segments,
    total: segments.reduce((sum, { total }) => sum + total, 0),
    gates: segments.reduce((sum, { gates }) => sum + gates, 0),
    ledger: parameterLedger(model, { plan, objectives: made }),
  };
}
