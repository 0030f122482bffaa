import type { EncoderContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import {
  type ClipEncoderOptions,
  type ClipEncoderOptionsInput,
  clipEncoderOptionsSchema,
} from './clip-encoder-options.js';
import { ClipImageEncoder } from './clip-image-encoder.js';
import { ClipTextEncoder } from './clip-text-encoder.js';
import {
  type ClipTextEncoderOptions,
  type ClipTextEncoderOptionsInput,
  clipTextEncoderOptionsSchema,
} from './clip-text-encoder-options.js';

/**
 * A CLIP vision transformer with freshly initialised parameters.
 * @param options a preset of `clipPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be
 */
export function createClipEncoder(
  options: ClipEncoderOptionsInput,
  context: EncoderContext,
): ClipImageEncoder {
  const complete = parseOptions<ClipEncoderOptions>(clipEncoderOptionsSchema, options, 'the CLIP encoder');
  return new ClipImageEncoder(complete, ParameterScope.of(context));
}

/**
 * CLIP's text tower with freshly initialised parameters, for contrastive training and CLIPScore.
 * @param options a preset of `clipTextPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be
 */
export function createClipTextEncoder(
  options: ClipTextEncoderOptionsInput,
  context: EncoderContext,
): ClipTextEncoder {
  const what = 'the CLIP text encoder';
  return new ClipTextEncoder(
    parseOptions<ClipTextEncoderOptions>(clipTextEncoderOptionsSchema, options, what),
    ParameterScope.of(context),
  );
}
