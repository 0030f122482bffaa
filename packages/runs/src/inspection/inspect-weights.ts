import { type OpenedWeights, openPublishedWeights } from '@eim/weights/node';
import type { RunsContext } from '../context.js';
import { resolveModelPath } from '../models/resolve-model-path.js';
import { type FoundTokenizer, findTokenizer } from './find-tokenizer.js';
import { type RecognisedFamily, recogniseFamilies } from './recognise-families.js';

/** What `eim inspect` tells. */
export interface Inspection {
  readonly path: string;
  readonly format: string;
  /** Package and entry that load the weights, such as `@eim/llm-gpt2#gpt2`; null if none of the given packages does. */
  readonly family: string | null;
  readonly families: readonly RecognisedFamily[];
  readonly parameterCount: number;
  readonly tensorCount: number;
  /** Bytes of all tensors as 32-bit floats. */
  readonly bytesAsFloats: number;
  readonly tokenizer: FoundTokenizer | null;
  /** `preprocessor_config.json`, where there is one. */
  readonly preprocessing: Readonly<Record<string, unknown>> | null;
  /** What stands before each name of the model in the file, and was taken off: a checkpoint's key, wrappers. */
  readonly prefix: string;
  /** Tensors in the file that are not the model's: an optimizer's. */
  readonly passedOver: number;
  /** Why it is not clear which tensors are the model's; all of the file are then counted. Absent where it is clear. */
  readonly problem?: string;
  /** The model's, under the file's own names. */
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
}

/**
 * Describes published weights by their headers alone.
 * @param spec a path, or the name of a model that was pulled
 * @throws EimError naming the file and the fault
 *
 * @example
 * const { format, family, tensors } = await inspectWeights('ViT-B-32.pt', { packages });
 */
export async function inspectWeights(
  spec: string,
  options: Pick<RunsContext, 'packages' | 'environment' | 'workingFolder'>,
): Promise<Inspection> {
  const { packages } = options;
  const path = resolveModelPath(spec, options);
  const weights = await openPublishedWeights(path, { unclearModel: true });
  try {
    const tensors = weights.tensorNames.map((name) => describe(weights, name));
    const parameterCount = tensors.reduce((sum, { parameters }) => sum + parameters, 0);
    const families = weights.problem ? [] : await recogniseFamilies(weights, packages);
    return {
      path,
      format: weights.format,
      family: families[0] ? `${families[0].package}#${families[0].name}` : null,
      families,
      parameterCount,
      tensorCount: tensors.length,
      bytesAsFloats: 4 * parameterCount,
      tokenizer: await findTokenizer(path, weights),
      preprocessing: weights.preprocessorConfig ?? null,
      prefix: weights.prefix,
      passedOver: weights.passedOver.length,
      ...(weights.problem && { problem: weights.problem.message }),
      tensors,
    };
  } finally {
    await weights.close();
  }
}

/** A tensor as the file stores it: block formats by their own names. */
function describe(weights: OpenedWeights, name: string) {
  const { encoding, shape } = weights.info(name);
  return {
    name: weights.nameInFile(name),
    dtype: encoding,
    shape,
    parameters: shape.reduce((product, size) => product * size, 1),
  };
}
