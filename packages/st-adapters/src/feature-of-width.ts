import { EimError } from '@eim/contracts';
import type { EncodedImages, FeatureName } from '@eim/contracts/model';

/**
 * One of an encoder's outputs, as wide as an ST was built for.
 * @param name of the ST, for messages
 * @throws EimError `invalid-argument` where the output is not there, `width-mismatch` where it is of another width
 */
export function featureOfWidth<Name extends FeatureName>(
  name: string,
  features: EncodedImages,
  feature: Name,
  expected: number,
): NonNullable<EncodedImages[Name]> {
  const found = features[feature];
  if (found === undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: `The ST '${name}' was called without the encoder's output '${feature}'.`,
      advice: "Pass what the ST's `reads` names, zeros for the rows of text alone.",
      data: { name, feature },
    });
  }
  const width = found.shape.at(-1);
  if (width === expected) return found as NonNullable<EncodedImages[Name]>;
  throw new EimError({
    code: 'width-mismatch',
    message: `The ST '${name}' was given features of width ${width}; it was built for ${expected}.`,
    advice: 'Build the ST for the encoder whose features it gets.',
    data: { name, width, expected },
  });
}
