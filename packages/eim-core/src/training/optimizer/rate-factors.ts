import type { Parameter } from '@eim/contracts/model';
import { findNamed } from '../../compose/select-by-names.js';
import type { PartRate } from '../../plan/learn-schema.js';

/**
 * What the rate of each parameter is multiplied by; the product where several entries name it, 1 where none does.
 * @param selected what learns in the part
 * @param part its name, for messages
 * @throws EimError `invalid-config` where a name finds nothing that learns
 * @example
 * rateFactors(selected, [{ names: '*.bias', times: 2 }], 'llm')(bias); // 2
 */
export function rateFactors(
  selected: readonly Parameter[],
  rates: readonly PartRate[] | undefined,
  part: string,
): (parameter: Parameter) => number {
  const factors = new Map<Parameter, number>();
  for (const { names, times } of rates ?? []) {
    for (const parameter of findNamed(selected, names, `rates of the ${part}`)) {
      factors.set(parameter, (factors.get(parameter) ?? 1) * times);
    }
  }
  return (parameter) => factors.get(parameter) ?? 1;
}
