import { EimError } from '@eim/contracts';
import type { MappableWeights } from '../mapping/weights-map.js';
import type { LoraConfig } from './lora-config.js';

/** Where peft's models keep the model that they wrap. */
const WRAPPED = 'base_model.model.';

/** Names in an adapter's file of what is added to one weight of the model. */
export interface LowRankTensors {
  /** `[rank, in]`, or of an embedding `[rank, count]` */
  readonly a: string;
  /** `[out, rank]` */
  readonly b: string;
  readonly rank: number;
  readonly scale: number;
  readonly isEmbedding: boolean;
}

/** An adapter's tensors by the names that the model's tensors have in peft's own model, `model.layers.0.self_attn.q_proj.weight`. */
export interface AdapterTensors {
  readonly lowRank: ReadonlyMap<string, LowRankTensors>;
  /** Names in the adapter's file of tensors that take the place of the model's. */
  readonly whole: ReadonlyMap<string, string>;
}

const FACTOR = /^(.+)\.lora_(embedding_)?([AB])(?:\.default)?(\.weight)?$/;

/**
 * Sorts the tensors of an `adapter_model` file.
 * @throws EimError `invalid-file` listing those that its description does not allow, or that are not known
 */
export function sortAdapterTensors(adapter: MappableWeights, config: LoraConfig): AdapterTensors {
  const faults: string[] = [];
  const pairs = new Map<string, { a?: string; b?: string; isEmbedding: boolean }>();
  const whole = new Map<string, string>();
  for (const name of adapter.tensorNames) {
    if (!name.startsWith(WRAPPED)) {
      faults.push(`${name} does not begin with ${WRAPPED}`);
      continue;
    }
    const inner = name.slice(WRAPPED.length);
    const [, module, embedding, side, ending] = FACTOR.exec(inner) ?? [];
    if (module !== undefined && (embedding === undefined) === (ending !== undefined)) {
      const pair = pairs.get(module) ?? { isEmbedding: embedding !== undefined };
      pairs.set(module, { ...pair, [side!.toLowerCase()]: name });
    } else if (isWhole(inner, config)) whole.set(inner.replace('.base_layer.', '.'), name);
    else faults.push(`${name} is not known, or not said by bias and modules_to_save`);
  }
  const lowRank = new Map<string, LowRankTensors>();
  for (const [module, { a, b, isEmbedding }] of pairs) {
    const form = config.formOf(module);
    if (a === undefined || b === undefined) faults.push(`${module} has one of lora_A and lora_B alone`);
    else if ('fault' in form) faults.push(`${module} is adapted, although ${form.fault}`);
    else if (adapter.info(a).shape[0] !== form.rank || adapter.info(b).shape[1] !== form.rank)
      faults.push(
        `${module} has a rank of ${adapter.info(a).shape[0]}, where its description says ${form.rank}`,
      );
    else lowRank.set(`${module}.weight`, { a, b, ...form, isEmbedding });
  }
  if (faults.length > 0) throw refusedAdapter(adapter.name, faults);
  return { lowRank, whole };
}

/** Biases that learnt, modules that are saved as a whole, and embeddings that peft writes beside their factors. */
function isWhole(name: string, config: LoraConfig): boolean {
  const module = name.replace(/\.(base_layer\.)?[^.]+$/, '');
  if (/\.lora_/.test(name)) return false;
  if (config.saves(module)) return true;
  if (name.endsWith('.bias')) return config.bias !== 'none';
  return /(^|\.)(wte|embed_tokens|lm_head)\.(base_layer\.)?weight$/.test(name);
}

/** @param faults each a clause */
export const refusedAdapter = (file: string, faults: readonly string[]): EimError =>
  new EimError({
    code: 'invalid-file',
    message: `The adapter ${file} cannot be used: ${faults.join('; ')}.`,
    advice: 'Give an adapter of the kind LoRA as peft saves it, and the model that it was trained on.',
    data: { file, faults },
  });
