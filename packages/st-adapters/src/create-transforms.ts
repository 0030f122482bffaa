import type { SemanticTransformContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { ClipCapMlp } from './clipcap-mlp.js';
import {
  type ClipCapMlpOptions,
  type ClipCapMlpOptionsInput,
  clipCapMlpOptionsSchema,
} from './clipcap-mlp-options.js';
import { ClipCapTransformer } from './clipcap-transformer.js';
import {
  type ClipCapTransformerOptions,
  type ClipCapTransformerOptionsInput,
  clipCapTransformerOptionsSchema,
} from './clipcap-transformer-options.js';
import { LinearTransform } from './linear-transform.js';
import {
  type LinearTransformOptions,
  type LinearTransformOptionsInput,
  linearTransformOptionsSchema,
} from './linear-transform-options.js';

/** The linear ST with freshly initialised parameters. @throws EimError `invalid-argument` */
export function createLinearTransform(
  options: LinearTransformOptionsInput,
  context: SemanticTransformContext,
): LinearTransform {
  return new LinearTransform(
    parseOptions<LinearTransformOptions>(linearTransformOptionsSchema, options, "the ST 'linear'"),
    context,
  );
}

/** ClipCap's MLP mapper with freshly initialised parameters. @throws EimError `invalid-argument` */
export function createClipCapMlp(
  options: ClipCapMlpOptionsInput,
  context: SemanticTransformContext,
): ClipCapMlp {
  const what = "the ST 'clipcap-mlp'";
  return new ClipCapMlp(
    parseOptions<ClipCapMlpOptions>(clipCapMlpOptionsSchema, options, what),
    context,
    ParameterScope.of(context),
  );
}

/** ClipCap's transformer mapper with freshly initialised parameters. @throws EimError `invalid-argument` */
export function createClipCapTransformer(
  options: ClipCapTransformerOptionsInput,
  context: SemanticTransformContext,
): ClipCapTransformer {
  const what = "the ST 'clipcap-transformer'";
  return new ClipCapTransformer(
    parseOptions<ClipCapTransformerOptions>(clipCapTransformerOptionsSchema, options, what),
    context,
    ParameterScope.of(context),
  );
}
