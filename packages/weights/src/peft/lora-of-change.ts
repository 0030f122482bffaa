import { EimError, type ExportedTensor } from '@eim/contracts';
import { CONV1D, EMBEDDING, HEAD } from './layer-kinds.js';
import { transposedMatrix } from './low-rank-addition.js';
import { type LowRankFactors, lowRankFactors } from './low-rank-factors.js';

/** An adapter as peft saves it. */
export interface LoraFolder {
  /** Contents of `adapter_config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Tensors of `adapter_model.safetensors`. */
  readonly tensors: readonly ExportedTensor[];
}

/** What a 32-bit weight is rounded by when something is added to it, over its greatest value. */
const ROUNDING = 2 ** -22;

const WRAPPED = 'base_model.model.';

/**
 * The LoRA that leads from one state dict, in the names of transformers' models, to another of the same names: what each linear
 * layer has learnt is taken apart into two matrices of the rank that it has, biases are `bias: all`, and norms are saved whole.
 * @param base name or path of the model that it is for, as peft's `base_model_name_or_path`
 * @throws EimError `invalid-argument` where nothing has changed, or something in ways that a LoRA cannot say, by its name
 */
export function loraOfChange(
  before: readonly ExportedTensor[],
  after: readonly ExportedTensor[],
  base: string,
): LoraFolder {
  const known = new Map(before.map((tensor) => [tensor.name, tensor.values]));
  const changed = after.filter(({ name, values }) =>
    values.some((value, at) => value !== known.get(name)![at]),
  );
  if (changed.length === 0) throw refused('nothing of the LLM has learnt');
  const table = changed.find(
    ({ name }) => EMBEDDING.test(name) || HEAD.test(name) || /(^|\.)wpe\./.test(name),
  );
  if (table) throw refused(`${table.name} has learnt, which is no linear layer`);
  const tensors: ExportedTensor[] = [];
  const ranks = new Map<string, number>();
  const norms = new Set<string>();
  for (const tensor of changed) {
    const { name, shape } = tensor;
    const module = name.replace(/\.[^.]+$/, '');
    if (shape.length === 2) {
      const { rank, ...factors } = factorsOf(tensor, known.get(name)!);
      ranks.set(module, rank);
      tensors.push(...namedFactors(name, shape as readonly [number, number], { rank, ...factors }));
    } else if (!name.endsWith('.bias')) norms.add(module);
  }
  if (ranks.size === 0) throw refused('no linear layer has learnt');
  const isSaved = ({ name }: ExportedTensor) => norms.has(name.replace(/\.[^.]+$/, ''));
  for (const tensor of after.filter(isSaved)) tensors.push({ ...tensor, name: WRAPPED + tensor.name });
  const biases = changed.filter((tensor) => tensor.name.endsWith('.bias') && !isSaved(tensor));
  for (const { name, ...tensor } of biases) {
    const isAdapted = ranks.has(name.slice(0, -'.bias'.length));
    tensors.push({
      ...tensor,
      name: WRAPPED + (isAdapted ? name.replace(/bias$/, 'base_layer.bias') : name),
    });
  }
  return { tensors, config: describe(ranks, { base, norms: [...norms], hasBiases: biases.length > 0 }) };
}

function factorsOf({ name, shape, values }: ExportedTensor, before: Float32Array): LowRankFactors {
  const change = Float64Array.from(values, (value, at) => value - before[at]!);
  const most = values.reduce(
    (largest, value, at) => Math.max(largest, Math.abs(value), Math.abs(before[at]!)),
    0,
  );
  const mostRank = Math.floor(Math.min(...shape) / 2);
  const sides = shape as readonly [number, number];
  const factors = lowRankFactors(change, sides, { tolerance: most * ROUNDING, mostRank });
  if (factors && factors.rank > 0) return factors;
  throw refused(
    factors
      ? `${name} has changed by no more than its roundings`
      : `${name} has learnt as a whole: its change has a rank above ${mostRank}`,
  );
}

/** `lora_A` `[rank, in]` and `lora_B` `[out, rank]`, whichever way round the layer has its weight. */
function namedFactors(
  name: string,
  [rows, columns]: readonly [number, number],
  { rank, left, right }: LowRankFactors,
): ExportedTensor[] {
  const module = WRAPPED + name.slice(0, -'.weight'.length);
  const [inputs, outputs] = CONV1D.test(name) ? [rows, columns] : [columns, rows];
  const [a, b] = CONV1D.test(name)
    ? [transposedMatrix(left, rows, rank), transposedMatrix(right, rank, columns)]
    : [right, left];
  return [
    { name: `${module}.lora_A.weight`, shape: [rank, inputs], values: a },
    { name: `${module}.lora_B.weight`, shape: [outputs, rank], values: b },
  ];
}

/** Every scale is 1: alpha is the rank. */
function describe(
  ranks: ReadonlyMap<string, number>,
  {
    base,
    norms,
    hasBiases,
  }: { readonly base: string; readonly norms: readonly string[]; readonly hasBiases: boolean },
): LoraFolder['config'] {
  const rank = Math.max(...ranks.values());
  const others = Object.fromEntries([...ranks].filter(([, own]) => own !== rank));
  return {
    alpha_pattern: others,
    base_model_name_or_path: base,
    bias: hasBiases ? 'all' : 'none',
    fan_in_fan_out: [...ranks.keys()].some((module) => CONV1D.test(`${module}.weight`)),
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: rank,
    lora_dropout: 0,
    modules_to_save: norms.length > 0 ? norms : null,
    peft_type: 'LORA',
    r: rank,
    rank_pattern: others,
    target_modules: [...ranks.keys()],
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  };
}

const refused = (fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `What has learnt cannot be written as a LoRA: ${fault}.`,
    advice: 'Train the LLM by `select: {lora: {rank: r}}`, beside it norms and biases alone.',
  });
