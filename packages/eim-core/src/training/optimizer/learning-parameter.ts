import { EimError } from '@eim/contracts';
import type { ModelParts, Objective, Parameter, ParameterRole } from '@eim/contracts/model';
import { PART_NAMES, type PartName } from '../../compose/composed-model.js';
import { selectForms } from '../../compose/select-parameters.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { LowRank } from '../../plan/selection-schema.js';
import type { LowRankWeight } from '../low-rank/low-rank-weight.js';
import { rateFactors } from './rate-factors.js';

/** One parameter that a segment trains, and how. */
export interface LearningParameter {
  /** `objective` for what exists during training alone. */
  readonly part: PartName | 'objective';
  /** Unique in the run: `st.hidden.weight`. */
  readonly name: string;
  readonly parameter: Parameter;
  /** Peak learning rate; layer decay and the part's `rates` are included. */
  readonly rate: number;
  /** Decoupled weight decay; 0 unless the role is `weight` or `embedding`, or the part says otherwise. */
  readonly weightDecay: number;
  /** Present where the parameter is to learn by an update of low rank. */
  readonly lowRank?: LowRank;
  /** Present where the parameter is a factor of such an update: the weight that is updated. */
  readonly factorOf?: LowRankWeight;
}

const DECAYED: ReadonlySet<ParameterRole> = new Set(['weight', 'embedding']);

/**
 * What learns in a segment, part by part and then the objective's own parameters. A part's rate falls with
 * the distance from its last layer: `rate * layerDecay ^ (greatest depth - depth)` (Clark et al. 2020,
 * ELECTRA, section 3.1; Howard & Ruder 2018, ULMFiT, section 3.2). What the part's `rates` name has its rate multiplied.
 * @throws EimError `invalid-config` where a selection finds nothing, the objective does not use a part that
 * learns, or nothing would learn
 */
export function learningParameters(
  parts: ModelParts,
  objective: Objective,
  segment: Segment,
): readonly LearningParameter[] {
  const learning: LearningParameter[] = [];
  let greatestRate = 0;
  for (const part of PART_NAMES) {
    const learn = segment.learn[part];
    if (!learn || learn.select === 'frozen') continue;
    if (part !== 'st' && !objective.uses[part]) throw unused(segment.name, part, objective.name);
    const all = parts[part].parameters();
    const selected = selectForms(parts[part], learn.select, part);
    const deepest = all.reduce((greatest, { depth }) => Math.max(greatest, depth), 0);
    const rateFactor = rateFactors(
      selected.map(({ parameter }) => parameter),
      learn.rates,
      part,
    );
    greatestRate = Math.max(greatestRate, learn.learningRate);
    for (const { parameter, ...form } of selected) {
      learning.push({
        ...form,
        part,
        name: `${part}.${parameter.name}`,
        parameter,
        rate: learn.learningRate * learn.layerDecay ** (deepest - parameter.depth) * rateFactor(parameter),
        weightDecay: isDecayed(parameter, learn.decayed) ? learn.weightDecay : 0,
      });
    }
  }
  const ownRate = segment.objective.learningRate ?? greatestRate;
  for (const parameter of objective.parameters?.() ?? []) {
    learning.push({
      part: 'objective',
      name: `objective.${parameter.name}`,
      parameter,
      rate: objective.learningRateOf?.(parameter.name) ?? ownRate,
      weightDecay: DECAYED.has(parameter.role) ? segment.objective.weightDecay : 0,
    });
  }
  if (learning.some(({ rate }) => rate > 0)) return learning;
  throw new EimError({
    code: 'invalid-config',
    message: `Nothing learns in segment '${segment.name}'.`,
    advice: 'Name at least one part under learn, with a learningRate above 0.',
    data: { segment: segment.name },
  });
}

const isDecayed = ({ role, variable }: Parameter, decayed: 'roles' | 'matrices' | undefined): boolean =>
  decayed === 'matrices' ? variable.shape.length >= 2 : DECAYED.has(role);

/** An ST is excepted above: what it injects into the encoder may learn by an objective that never calls it. */
function unused(segment: string, part: PartName, objective: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Segment '${segment}' trains the ${part}, which its objective '${objective}' does not use.`,
    advice: `Leave learn.${part} out, or use another objective.`,
    data: { segment, part, objective },
  });
}
