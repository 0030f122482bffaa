import { EimError } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { checkWidths } from './check-widths.js';
import { type ComposedModel, PART_NAMES, type PartPackages, type PartParameter } from './composed-model.js';

export interface ComposeOptions {
  /** Packages of the parts, for messages. */
  readonly packages?: PartPackages;
  /** Longest text in tokens, begin and end included; with the prefix it must fit into the LLM's context. */
  readonly maxTextLength?: number;
}

/**
 * Joins an encoder, an ST and an LLM, and checks that they fit.
 * @throws EimError `width-mismatch` naming both parts and both numbers, for all misfits at once
 * @throws EimError `contract-mismatch` where a part has two parameters of one name
 * @example
 * const model = composeModel({ encoder, st, llm });
 * console.log(model.parameters().length);
 * model.dispose(); // frees the parts too
 */
export function composeModel(
  { encoder, st, llm }: ModelParts,
  { packages = {}, maxTextLength }: ComposeOptions = {},
): ComposedModel {
  const parts: ModelParts = { encoder, st, llm };
  checkWidths(parts, packages, maxTextLength);
  const parameters = PART_NAMES.flatMap((part) =>
    parts[part]
      .parameters()
      .map((parameter): PartParameter => ({ part, parameter, name: `${part}.${parameter.name}` })),
  );
  refuseDoubleNames(parameters, packages);
  return {
    ...parts,
    packages,
    parameters: () => parameters,
    dispose: () => {
      for (const part of PART_NAMES) parts[part].dispose();
    },
  };
}

function refuseDoubleNames(parameters: readonly PartParameter[], packages: PartPackages): void {
  const seen = new Set<string>();
  for (const { part, name } of parameters) {
    if (seen.has(name)) {
      throw new EimError({
        code: 'contract-mismatch',
        message: `The ${part}${packages[part] ? ` (${packages[part]})` : ''} has two parameters named '${name}'.`,
        advice: 'Names must be unique within a part: saved weights are found by them.',
        data: { part, name },
      });
    }
    seen.add(name);
  }
}
