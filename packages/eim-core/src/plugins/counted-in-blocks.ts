import type { Parameter, Parametric, ReadOnlyWeight } from '@eim/contracts/model';
import { type QuantiseFormat, quantisedBytes } from '@eim/weights';
import { withMethods } from '../compose/with-methods.js';

/**
 * A part whose weights are not read, with its matrices as they will be held: in blocks, so that no selection finds them and memory
 * counts what they take there.
 */
export function countedInBlocks<Part extends Parametric>(part: Part, format: QuantiseFormat): Part {
  const isMatrix = ({ variable }: Parameter) => variable.rank === 2;
  return withMethods<Parametric>(part, {
    parameters: () => part.parameters().filter((parameter) => !isMatrix(parameter)),
    readOnlyWeights: () => part.parameters().filter(isMatrix).map(inBlocks(format)),
  }) as Part;
}

const inBlocks =
  (format: QuantiseFormat) =>
  ({ name, role, depth, variable }: Parameter): ReadOnlyWeight => ({
    name,
    role,
    depth,
    format,
    shape: variable.shape,
    byteCount: quantisedBytes(variable.size, format),
    read: () => Promise.reject(new Error(`the values of ${name} were never read`)),
  });
