import type { ModelParts } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { Tensor, type Tensor3D, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { hashJson, sha256 } from '../checkpoints/fingerprint.js';
import { WeightHashes } from '../feature-cache/weight-hashes.js';
import type { EngineIdentity } from '../run/engine-identity.js';
import { type LlmInput, runTextPrefix } from './run-text-prefix.js';
import type { TextPrefix } from './text-prefix.js';

/** Keys of hidden states of texts: of all that their numbers depend on, which is the LLM's input and its lower blocks. */
export class TextChunkKeys {
  readonly #llm: ModelParts['llm'];
  readonly #engine: EngineIdentity;
  readonly #hashes = new WeightHashes();
  readonly #blocks = new Map<number, Promise<string>>();

  constructor({ llm }: Pick<ModelParts, 'llm'>, engine: EngineIdentity) {
    this.#llm = llm;
    this.#engine = engine;
  }

  /** Called when the LLM may have learnt. */
  forget(): void {
    this.#hashes.forget();
    this.#blocks.clear();
  }

  /** @returns undefined where something enters the LLM that has no hash, such as a function */
  async of({ embeddings, options }: LlmInput, { block }: TextPrefix): Promise<string | undefined> {
    const { random: _, training: __, recomputeBlocks: ___, ...read } = options;
    const input = await describe({ embeddings, ...read });
    if (input === undefined) return undefined;
    if (!this.#blocks.has(block)) this.#blocks.set(block, this.#describeBlocks(block));
    return hashJson({ format: 'text states 1', input, blocks: await this.#blocks.get(block) });
  }

  /** Weights don't tell everything, such as how positions turn: so what the blocks make of fixed noise tells too. */
  async #describeBlocks(block: number): Promise<string> {
    const llm = this.#llm;
    const below = <Item extends { readonly name: string; readonly depth: number }>(
      items: readonly Item[] = [],
    ) => items.filter(({ depth }) => depth <= block).map((item) => [item.name, item] as const);
    const weights = await this.#hashes.of({
      parameters: below(llm.parameters()),
      readOnly: below(llm.readOnlyWeights?.()),
    });
    const [length, width] = [Math.min(8, llm.contextLength), llm.hiddenSize];
    const random = createRandomStream('probe of frozen blocks');
    const noise = Float32Array.from({ length: length * width }, () => random.normal());
    const states = tidy(() => {
      const embeddings = tensor3d(noise, [1, length, width]) as Tensor3D; // [1, T, H]
      return runTextPrefix({ llm }, { embeddings, options: {} }, { block }); // [1, T, H]
    });
    const behaviour = await describe(states);
    states.dispose();
    return hashJson({ weights, behaviour, block, engine: this.#engine });
  }
}

/** A value with hashes of contents in place of its tensors; undefined where it holds what has none. */
async function describe(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) {
    const { buffer, byteOffset, byteLength } = await value.data();
    return `${value.dtype} [${value.shape}] ${await sha256(new Uint8Array(buffer, byteOffset, byteLength))}`;
  }
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const described: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    described[name] = await describe(item);
    if (described[name] === undefined) return undefined;
  }
  return described;
}
