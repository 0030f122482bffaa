import type { WeightsDescription } from '@eim/contracts';
import { huggingFaceActivations } from '@eim/nn';
import { ConfigReader, huggingFaceSpecialIds } from '@eim/weights';
import type { Gpt2OptionsInput } from '../gpt2-options.js';
import { IGNORED_FIELDS, REFUSED_FIELDS } from './gpt2-config-fields.js';

/** Width of a head in every published size. */
const HEAD_SIZE = 64;

/** Heads and end token where a `config.json` leaves them out (transformers, `GPT2Config`). */
const DEFAULT_HEADS = 12;
const DEFAULT_END = 50256;

/**
 * Options of published GPT-2 weights: sizes from the tensors, the rest from `config.json` where there is one.
 * @throws EimError `invalid-file` listing what this package does not compute, and sizes that the tensors do not have
 */
export function describedOptions(weights: WeightsDescription, prefix: string): Gpt2OptionsInput {
  const reader = new ConfigReader(weights.config, `${weights.name} (config.json)`);
  const options = readGpt2Config(reader, weights, prefix);
  reader.finish();
  return options;
}

/** All fields that are known, read or refused; what is left is {@link ConfigReader.unknown}. */
export function readGpt2Config(
  reader: ConfigReader,
  weights: WeightsDescription,
  prefix: string,
): Gpt2OptionsInput {
  reader.refuse(REFUSED_FIELDS);
  reader.ignore(IGNORED_FIELDS);
  const shape = (tensor: string): readonly number[] =>
    weights.has(prefix + tensor) ? weights.info(prefix + tensor).shape : [];
  const [rows = 0, width = 0] = shape('wte.weight');
  const blocks = weights.tensorNames.filter((tensor) => /(^|\.)h\.\d+\.ln_1\.weight$/.test(tensor)).length;
  // a lone file of tensors describes nothing; a description that leaves something out means the library's own
  const described = reader.says('model_type');
  const vocabularySize = agreed(reader, ['vocab_size'], rows);
  const hiddenSize = agreed(reader, ['hidden_size', 'n_embd'], width);
  const end = described ? DEFAULT_END : vocabularySize - 1;
  const { specialTokens, stopTokens } = huggingFaceSpecialIds(reader, weights, { end, vocabularySize });
  const { begin: _, ...ids } = specialTokens; // GPT-2 puts nothing before a text
  const inner = reader.optionalCount('n_inner') === undefined ? [] : ['n_inner']; // null: four times the width
  return {
    hiddenSize,
    blockCount: agreed(reader, ['num_hidden_layers', 'n_layer'], blocks),
    headCount:
      said(reader, ['num_attention_heads', 'n_head']) ?? (described ? DEFAULT_HEADS : width / HEAD_SIZE),
    activation: reader.choice('activation_function', huggingFaceActivations, 'gelu'),
    feedForwardSize: agreed(reader, inner, shape('h.0.mlp.c_fc.weight')[1] ?? 4 * width),
    contextLength: agreed(reader, ['max_position_embeddings', 'n_positions'], shape('wpe.weight')[0] ?? 1024),
    vocabularySize,
    specialTokens: ids,
    stopTokens,
    normEpsilon: reader.positive('layer_norm_epsilon', 1e-5),
    tiedHead: reader.flag('tie_word_embeddings', true),
  };
}

/** A number by the first of its names that the description has: transformers lets the general ones win over GPT-2's. */
function said(reader: ConfigReader, names: readonly string[]): number | undefined {
  const name = names.find((one) => reader.says(one));
  return name === undefined ? undefined : reader.count(name);
}

/** A size of the tensors, which the description must not contradict. */
function agreed(reader: ConfigReader, names: readonly string[], size: number): number {
  const name = names.find((one) => reader.says(one));
  if (name !== undefined && reader.count(name) !== size && size > 0)
    reader.fault(`${name} does not agree with the tensors, which have ${size}`);
  return size;
}
