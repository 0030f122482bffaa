import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelSpec } from '@eim/runs';
import { argumentError } from '@eim/runs/arguments';

/** The help on SPEC, for every command that takes one. */
export const SPEC_DETAILS = `SPEC names a published model: a folder in Hugging Face's or Meta's layout, one file that describes itself
(GGUF, llama2.c, OpenAI CLIP's .pt), the name of a model that \`eim pull\` fetched, or PACKAGE#PRESET together with
--weights FILE.`;

/**
 * Reads `--encoder SPEC` or `--llm SPEC` with `--weights FILE`.
 * @param option name of the option, for messages: `--llm`
 * @throws EimError `invalid-argument` for a preset without weights, or weights without a preset
 */
export function parseModelSpec(
  option: string,
  spec: string,
  weights: string | undefined,
  workingFolder: string,
): ModelSpec {
  const at = spec.lastIndexOf('#');
  // a name that exists is a path, even with a # in it
  if (at < 1 || existsSync(resolve(workingFolder, spec))) {
    if (weights === undefined) return { path: spec };
    throw argumentError(
      `--weights was given, but ${option} "${spec}" names no preset.`,
      `Write ${option} PACKAGE#PRESET, for instance @eim/llm-gpt2#gpt2, or leave --weights out.`,
    );
  }
  if (weights === undefined) {
    throw argumentError(
      `${option} "${spec}" names a preset without weights.`,
      'Give the file or folder of its weights by --weights.',
    );
  }
  return { path: weights, use: spec.slice(0, at), preset: spec.slice(at + 1) };
}
