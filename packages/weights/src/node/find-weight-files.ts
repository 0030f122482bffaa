import { readdir } from 'node:fs/promises';
import { EimError } from '@eim/contracts';

/** The file, or the index or shards, that a folder's weights are. */
export interface FoundWeights {
  /** One name, or those of Meta's shards, which each hold a part of every tensor. */
  readonly names: readonly string[];
  /** Whose layout it is, which says what describes the weights. */
  readonly layout: 'transformers' | 'open-clip' | 'meta' | 'other';
}

/** As transformers looks for them: the first that is there counts, and what an earlier save left beside it does not. */
const TRANSFORMERS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
];
/** As open_clip looks for them. */
const OPEN_CLIP = ['open_clip_model.safetensors', 'open_clip_pytorch_model.bin'];
/** Meta's; shards each have a part of every tensor. */
const META = /^consolidated\.(\d\d)\.(pth|safetensors)$/;

const WEIGHTS = /\.(safetensors|pt|pth|ckpt|gguf)$/i;
const INDEX = /\.(safetensors|bin)\.index\.json$/i;
/** A shard's number and how many there are. */
const SHARD = /-(\d{5})-of-(\d{5})\.\w+$/;
/** What transformers' trainer leaves beside a model. */
const TRAINING = /^(optimizer|scheduler|scaler|rng_state|random_states|training_args|sampler)(_\d+)?\./;
const ADAPTER = /^adapter_model\.(safetensors|bin)$/;

/**
 * Which of the files in a folder are its weights.
 * @param named by the description beside them (`transformers_weights` of a config.json), which then counts alone
 * @param besideAdapter an adapter in the folder is passed over: it was named apart
 * @throws EimError `missing-file` where there are none; `invalid-argument` naming all, where several might be meant
 */
export async function findWeightFiles(
  folder: string,
  named?: string,
  besideAdapter = false,
): Promise<FoundWeights> {
  const all = (await readdir(folder)).sort();
  const names = besideAdapter ? all.filter((name) => !ADAPTER.test(name)) : all;
  if (named !== undefined) return { names: [named], layout: 'transformers' };
  const usual = TRANSFORMERS.find((name) => names.includes(name));
  const adapter = names.find((name) => ADAPTER.test(name));
  if (adapter !== undefined) throw hasAdapter(folder, adapter, usual);
  if (usual !== undefined) return { names: [usual], layout: 'transformers' };
  const openClip = OPEN_CLIP.find((name) => names.includes(name));
  if (openClip !== undefined) return { names: [openClip], layout: 'open-clip' };
  const meta = names.filter((name) => META.test(name));
  const others = othersIn(names);
  if (meta.length > 0 && others.length === 0) return { names: wholeSet(folder, meta), layout: 'meta' };
  const candidates = [...others, ...meta];
  if (candidates.length === 1) {
    return { names: candidates, layout: candidates[0]!.startsWith('consolidated.') ? 'meta' : 'other' };
  }
  throw candidates.length > 1 ? several(folder, candidates) : none(folder, names);
}

/** Files by other names: whole ones, and indexes of those that are not there as a whole. */
function othersIn(names: readonly string[]): string[] {
  const isPart = (name: string) => Number(SHARD.exec(name)?.[2] ?? 1) > 1;
  const whole = names.filter(
    (name) => WEIGHTS.test(name) && !META.test(name) && !TRAINING.test(name) && !isPart(name),
  );
  const indexes = names.filter(
    (name) => INDEX.test(name) && !names.includes(name.replace(/\.index\.json$/i, '')),
  );
  return [...whole, ...indexes];
}

/** Meta's shards in one format, numbered without a gap. */
function wholeSet(folder: string, names: readonly string[]): readonly string[] {
  const formats = new Set(names.map((name) => META.exec(name)![2]));
  if (formats.size > 1) throw several(folder, names);
  const gap = names.findIndex((name, index) => Number(META.exec(name)![1]) !== index);
  if (gap < 0) return names;
  const missing = names[0]!.replace(/\.\d\d\./, `.${String(gap).padStart(2, '0')}.`);
  throw new EimError({
    code: 'missing-file',
    message: `${folder} lacks ${missing}, although it has ${names[gap]}.`,
    advice: 'Each of these files holds a part of every tensor: copy or download all of them.',
    data: { folder, missing, found: names },
  });
}

const several = (folder: string, found: readonly string[]): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `${folder} holds several weight files: ${found.join(', ')}.`,
    advice: 'Name one of them, or their index.',
    data: { folder, found },
  });

const hasAdapter = (folder: string, adapter: string, usual: string | undefined): EimError =>
  new EimError({
    code: 'invalid-file',
    message: `${folder} holds an adapter, ${adapter}, ${usual === undefined ? 'without the model that it belongs to' : `beside ${usual}`}, and does not say that it is to be applied.`,
    advice:
      'Name the model as the weights and the folder of the adapter apart, as `adapter`. To leave it out, name the file of the weights.',
    data: { folder, adapter, weights: usual },
  });

function none(folder: string, names: readonly string[]): EimError {
  const part = names.find((name) => WEIGHTS.test(name) && SHARD.test(name));
  return new EimError({
    code: 'missing-file',
    message:
      part === undefined
        ? `${folder} holds no weights.`
        : `${folder} holds shards, such as ${part}, without the index that says which tensor lies where.`,
    advice:
      'Expected model.safetensors, pytorch_model.bin, an index of shards, or a .pt, .pth, .ckpt or .gguf file.',
    data: { folder },
  });
}
