import type { ModelParts, Parameter } from '@eim/contracts/model';
import type { Plan } from '../plan/plan-schema.js';
import { PART_NAMES, type PartParameter } from './composed-model.js';
import { selectParameters } from './select-parameters.js';

/**
 * Parameters that learn in at least one segment of a plan, in the model's order.
 * @example
 * learningAnywhere(model, plan).map(({ name }) => name); // ['encoder.blocks.0...', ...]
 */
export function learningAnywhere(model: ModelParts, { segments }: Plan): PartParameter[] {
  return PART_NAMES.flatMap((part) => {
    const learning = new Set<Parameter>();
    for (const { learn } of segments) {
      for (const parameter of selectParameters(model[part], learn[part]?.select ?? 'frozen', part)) {
        learning.add(parameter);
      }
    }
    return model[part]
      .parameters()
      .filter((parameter) => learning.has(parameter))
      .map((parameter) => ({ part, parameter, name: `${part}.${parameter.name}` }));
  });
}
