import type { PublishedRun, PublishedTensor, PublishedWeights } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import type { MappableWeights } from '../mapping/weights-map.js';
import { floatValues } from '../narrow-tensor.js';
import {
  type AdapterTensors,
  type LowRankTensors,
  refusedAdapter,
  sortAdapterTensors,
} from './adapter-tensors.js';
import { CONV1D, EMBEDDING, HEAD } from './layer-kinds.js';
import { readLoraConfig } from './lora-config.js';
import { addLowRank, type LowRankAddition, transposedMatrix } from './low-rank-addition.js';

/**
 * Published weights as they are with a LoRA that peft saved: what it added in low rank goes into each weight as it is read, and
 * biases and modules that were saved as a whole take the place of the model's.
 * @param adapter the tensors of `adapter_model.safetensors` or `.bin`, by their own names
 * @param config of `adapter_config.json`
 * @throws EimError `invalid-file` naming fields and tensors that cannot be used, or that the model has no place for
 */
export async function withLora<Weights extends PublishedWeights>(
  weights: Weights,
  adapter: MappableWeights,
  config: Readonly<Record<string, unknown>>,
): Promise<Weights> {
  const lora = readLoraConfig(config, `${adapter.name} (adapter_config.json)`);
  const { lowRank, whole } = placed(weights, adapter, sortAdapterTensors(adapter, lora));
  const additions = new Map<string, LowRankAddition>();
  for (const [name, tensors] of lowRank)
    additions.set(name, await additionOf(weights, adapter, name, tensors));

  const read = async (name: string): Promise<PublishedTensor> => {
    const replacement = whole.get(name);
    const tensor = await (replacement === undefined ? weights.read(name) : adapter.read(replacement));
    const addition = additions.get(name);
    if (!addition) return { ...tensor, name };
    const data = Float32Array.from(floatValues(tensor as WeightTensor));
    addLowRank(data, 0, addition);
    return { ...tensor, name, dtype: 'F32', data };
  };
  async function* runs(name: string, rowLength?: number): AsyncIterable<PublishedRun> {
    const addition = additions.get(name);
    if (whole.has(name) || !weights.read.runs) {
      yield { at: 0, values: floatValues((await read(name)) as WeightTensor) };
      return;
    }
    for await (const { at, values } of weights.read.runs(name, rowLength)) {
      if (!addition) yield { at, values };
      else {
        const changed = Float32Array.from(values);
        addLowRank(changed, at, addition);
        yield { at, values: changed };
      }
    }
  }
  return {
    ...weights,
    info: (name: string) =>
      additions.has(name) ? { ...weights.info(name), dtype: 'F32' } : weights.info(name),
    read: Object.assign(read, { runs }),
  };
}

/** The adapter's tensors by the names that the model's file has. */
function placed(
  weights: PublishedWeights,
  adapter: MappableWeights,
  tensors: AdapterTensors,
): AdapterTensors {
  const faults: string[] = [];
  const { has, config } = weights;
  const isGpt2 = has('wte.weight') || has('transformer.wte.weight');
  const isTied = config.tie_word_embeddings ?? (isGpt2 || !has('lm_head.weight'));
  const placeOf = <Value>(found: ReadonlyMap<string, Value>): Map<string, Value> => {
    const result = new Map<string, Value>();
    for (const [name, value] of found) {
      const place = nameInFile(weights, name);
      if (isTied && (EMBEDDING.test(name) || HEAD.test(name)))
        faults.push(`${name} learnt by itself, and the model has one table for embeddings and head`);
      else if (place === undefined) faults.push(`the model has no ${name}`);
      else result.set(place, value);
    }
    return result;
  };
  const result = { lowRank: placeOf(tensors.lowRank), whole: placeOf(tensors.whole) };
  for (const [name, replacement] of result.whole) {
    const [wanted, found] = [weights.info(name).shape, adapter.info(replacement).shape];
    if (String(wanted) !== String(found))
      faults.push(`${replacement} is [${found}], and the model's [${wanted}]`);
  }
  for (const [name, { a, b, isEmbedding }] of result.lowRank) {
    const [inputs, outputs] = [adapter.info(a).shape[1]!, adapter.info(b).shape[0]!];
    const wanted = isEmbedding || CONV1D.test(name) ? [inputs, outputs] : [outputs, inputs];
    const found = weights.info(name).shape;
    if (String(wanted) !== String(found))
      faults.push(`${a} and ${b} are for [${wanted}], and ${name} is [${found}]`);
  }
  if (faults.length > 0) throw refusedAdapter(adapter.name, faults);
  return result;
}

/** Files of a model without a head leave out what stands before the names, `model.` or `transformer.`. */
function nameInFile({ has }: Pick<PublishedWeights, 'has'>, name: string): string | undefined {
  const bare = name.replace(/^(model|transformer)\./, '');
  return [name, bare, `model.${name}`, `transformer.${name}`].find((one) => has(one));
}

async function additionOf(
  weights: PublishedWeights,
  adapter: MappableWeights,
  name: string,
  { a, b, rank, scale, isEmbedding }: LowRankTensors,
): Promise<LowRankAddition> {
  const values = async (one: string) => floatValues((await adapter.read(one)) as WeightTensor);
  const [down, up] = [await values(a), await values(b)]; // [rank, in], [out, rank]
  const [, columns = 0] = weights.info(name).shape;
  const form = { rank, columns, scale };
  if (!isEmbedding && !CONV1D.test(name)) return { ...form, left: up, right: down };
  const [inputs, outputs] = [down.length / rank, up.length / rank];
  return { ...form, left: transposedMatrix(down, rank, inputs), right: transposedMatrix(up, outputs, rank) };
}
