import { EimError } from '@eim/contracts';
import type { EncodedImages } from '@eim/contracts/model';

/** @throws EimError `invalid-argument` where an ST that needs pictures is called without their features */
export function requireFeatures(name: string, features: EncodedImages | undefined): EncodedImages {
  if (features !== undefined) return features;
  throw new EimError({
    code: 'invalid-argument',
    message: `The ST '${name}' was called without picture features.`,
    advice: 'Pass what the encoder returned, zeros for the rows of text alone.',
    data: { name },
  });
}

/** @throws EimError `width-mismatch` where features are not as wide as the ST was built for */
export function checkFeatureWidth(name: string, width: number | undefined, expected: number): void {
  if (width === expected) return;
  throw new EimError({
    code: 'width-mismatch',
    message: `The ST '${name}' was given features of width ${width}; it was built for ${expected}.`,
    advice: 'Build the ST for the encoder whose features it gets.',
    data: { name, width, expected },
  });
}
