import { EimError } from '@eim/contracts';
import type { ComputeMode, LanguageModel } from '@eim/contracts/model';
import { computesFast, type EngineInfo } from '@eim/engine';

/** How an LLM's products are computed. */
export const computeOf = (llm: Pick<LanguageModel, 'readOnlyWeights'>): ComputeMode =>
  llm.readOnlyWeights?.().some(({ compute }) => compute === 'fast') ? 'fast' : 'exact';

/**
 * Refuses `fast` on an engine that has no kernels for it.
 * @throws EimError `invalid-argument`
 */
export function requireFastEngine({ name }: EngineInfo): void {
  if (computesFast()) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `--compute fast was given, but the engine ${name} has no kernels for activations in bytes.`,
    advice: 'Compute on wasm, or on a node that `eim engine install node` built with this version.',
    data: { engine: name },
  });
}

/**
 * Refuses `fast` for an LLM of whose weights none lies in blocks of eight bits or fewer.
 * @throws EimError `invalid-argument`
 */
export function requireFast(llm: LanguageModel, path: string): void {
  const weights = llm.readOnlyWeights?.() ?? [];
  const packed = weights.filter(({ format }) => format.split('+').some((name) => /^q\d/.test(name)));
  if (computeOf(llm) === 'fast' && packed.length > 0) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `--compute fast was given, but ${path} holds no matrices in blocks of eight bits or fewer that its package computes so.`,
    advice:
      'Give a GGUF of a LLaMA in Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or Q6_K, or leave --compute out.',
    data: { path },
  });
}
