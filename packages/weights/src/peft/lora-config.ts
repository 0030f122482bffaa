import { ConfigReader } from '../mapping/config-reader.js';
import { matchesModules, patternOf } from './module-match.js';

/** What an `adapter_config.json` says of a LoRA (peft's `LoraConfig`). */
export interface LoraConfig {
  /** Rank and scale of a module's matrices; a sentence where the config says that it has none. */
  formOf(module: string): { readonly rank: number; readonly scale: number } | { readonly fault: string };
  /** Whether a whole copy of a module's tensors may be in the file: `modules_to_save`. */
  saves(module: string): boolean;
  /** Whose biases learnt. */
  readonly bias: 'none' | 'all' | 'lora_only';
}

/** Ways to draw the first values; the others of peft's also change the model that they are drawn for. */
const DRAWN = [true, false, 'gaussian', 'eva', 'orthogonal'];

/** What changes numbers beyond what is computed here. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  alora_invocation_tokens: [],
  arrow_config: [],
  corda_config: [],
  ensure_weight_tying: [false],
  init_lora_weights: DRAWN,
  kasa_config: [],
  layer_replication: [],
  loftq_config: [],
  lora_bias: [false],
  lora_ga_config: [],
  megatron_config: [],
  monteclora_config: [],
  peft_type: ['LORA'],
  target_parameters: [],
  trainable_token_indices: [],
  use_bdlora: [false],
  use_dora: [false],
  use_qalora: [false],
  velora_config: [],
};

/** What changes nothing once it is trained; which way round a weight lies its own layer says, as for peft. */
const IGNORED: readonly string[] = [
  'auto_mapping',
  'base_model_name_or_path',
  'eva_config',
  'fan_in_fan_out',
  'inference_mode',
  'lora_dropout',
  'megatron_core',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
  'task_type',
];

const BIASES = { none: 'none', all: 'all', lora_only: 'lora_only' } as const;

/**
 * Reads an `adapter_config.json` to its last field.
 * @param name of the file, for messages
 * @throws EimError `invalid-file` naming the fields that are wrong, or that change numbers in ways that are not computed here
 */
export function readLoraConfig(config: Readonly<Record<string, unknown>>, name: string): LoraConfig {
  const reader = new ConfigReader(config, name);
  if (!reader.says('peft_type')) reader.fault('peft_type is missing');
  reader.refuse(REFUSED);
  reader.ignore(IGNORED);
  const rank = reader.count('r', 8);
  const alpha = reader.number('lora_alpha');
  const isRootScaled = reader.flag('use_rslora', false);
  const bias = reader.choice('bias', BIASES, 'none');
  const numbers = (field: string) => readNumbers(reader, config, field);
  const [ranks, alphas] = [numbers('rank_pattern'), numbers('alpha_pattern')];
  const modules = (field: string) => readModules(reader, config, field);
  const targets = modules('target_modules');
  const excluded = modules('exclude_modules');
  const saved = modules('modules_to_save');
  const layers = readLayers(reader, config);
  const pattern = modules('layers_pattern');
  for (const field of reader.unknown()) reader.allow(field, [false]); // says nothing, or something that nobody here knows
  reader.finish();
  const chosen = (patterns: Readonly<Record<string, number>>, module: string, usual: number) => {
    const key = patternOf(Object.keys(patterns), module);
    return key === undefined ? usual : patterns[key]!;
  };
  return {
    bias,
    saves: (module) => [saved ?? []].flat().some((name) => isWithin(name, module)),
    formOf(module) {
      if (targets !== undefined && !matchesModules(targets, module))
        return { fault: 'target_modules leaves it out' };
      if (excluded !== undefined && matchesModules(excluded, module))
        return { fault: 'exclude_modules leaves it out' };
      // peft asks for the block only where the last part of a name was given
      const isMeantByLayer = Array.isArray(targets) && !targets.includes(module);
      if (layers.length > 0 && isMeantByLayer && !layers.includes(layerOf(module, pattern) ?? -1))
        return { fault: 'layers_to_transform leaves it out' };
      const own = chosen(ranks, module, rank);
      const weight = chosen(alphas, module, alpha);
      return { rank: own, scale: weight / (isRootScaled ? Math.sqrt(own) : own) };
    },
  };
}

/** Whether a module is saved as a whole, or stands in one that is; peft compares the ends of names, letter by letter. */
const isWithin = (name: string, module: string): boolean =>
  module.split('.').some((_, index, parts) =>
    parts
      .slice(0, index + 1)
      .join('.')
      .endsWith(name),
  );

/** The number of the block that a module stands in, behind one of the names that a list of blocks has. */
function layerOf(module: string, pattern: string | readonly string[] | undefined): number | undefined {
  const names = pattern === undefined || pattern.length === 0 ? undefined : [pattern].flat();
  const found = names
    ? names.map((name) => new RegExp(`(?:^|\\.)${name}\\.(\\d+)\\.`).exec(module)).find(Boolean)
    : /\.[^.]*\.(\d+)\./.exec(module);
  return found ? Number(found[1]) : undefined;
}

function readNumbers(
  reader: ConfigReader,
  config: Readonly<Record<string, unknown>>,
  field: string,
): Readonly<Record<string, number>> {
  const section = reader.section(field);
  if (!section) return {};
  const names = Object.keys(config[field] as object);
  for (const name of names) checkPattern(reader, field, name);
  return Object.fromEntries(names.map((name) => [name, section.positive(name)]));
}

function readModules(
  reader: ConfigReader,
  config: Readonly<Record<string, unknown>>,
  field: string,
): string | readonly string[] | undefined {
  const value = config[field];
  if (!reader.says(field) || value === null) return undefined;
  const isText = (one: unknown): one is string => typeof one === 'string';
  if (isText(value)) {
    checkPattern(reader, field, value);
    return value;
  }
  if (Array.isArray(value) && value.every(isText)) return value;
  reader.fault(`${field} is ${JSON.stringify(value)}, neither a text nor a list of names`);
  return undefined;
}

function checkPattern(reader: ConfigReader, field: string, pattern: string): void {
  try {
    patternOf([pattern], '');
  } catch (error) {
    reader.fault(`${field}: ${(error as Error).message}`);
  }
}

function readLayers(reader: ConfigReader, config: Readonly<Record<string, unknown>>): readonly number[] {
  const field = 'layers_to_transform';
  const value = config[field];
  if (!reader.says(field) || value === null) return [];
  const layers = [value].flat();
  if (layers.every((layer): layer is number => Number.isInteger(layer))) return layers;
  reader.fault(`${field} is ${JSON.stringify(value)}, neither a number nor a list of them`);
  return [];
}
