import type { ModelPlace } from '../weight-file.js';
import { OpaqueValue } from './pickle-value.js';

/**
 * Under which keys training programs keep a model: `model` (torchvision's, fairseq's), `state_dict` (Lightning, timm,
 * open_clip), `model_state_dict` (PyTorch's tutorials), `module` (DeepSpeed), and what stands around these.
 */
const MODEL =
  /^(model|state_dict|model_state_dict|model_state|model_weights|module|net|network|net_state_dict|weights|params|state|checkpoint)$/;
/** Under which they keep what only training needs. */
const TRAINING =
  /optim|sched|scaler|rng|random|^(opt|amp|loops|callbacks|args|config|cfg|hparams|hyper_parameters|lr)$/i;

/** A dictionary or list among the entries of a checkpoint, and the names of the tensors below it. */
interface Section {
  readonly key: string;
  readonly value: unknown;
  readonly names: readonly string[];
}

/**
 * Where a checkpoint keeps its model. A second copy of the model beside it (a moving average, the best so far) makes two:
 * which one is meant the file does not say.
 * @param names of everything in it that is not plain, joined by dots
 */
export function findModelPlace(root: unknown, names: readonly string[]): ModelPlace {
  if (!(root instanceof Map)) return { paths: [], besides: [] };
  const sections = sectionsOf(root, names);
  const others = sections.filter(({ key }) => !TRAINING.test(key));
  // an object among dictionaries of tensors belongs to none of them
  const isBeside = (key: string) =>
    TRAINING.test(key) || (others.length > 0 && root.get(key) instanceof OpaqueValue && !MODEL.test(key));
  const besides = [...root.keys()].filter((key): key is string => typeof key === 'string' && isBeside(key));
  const models = others.filter(({ key }) => MODEL.test(key));
  const [model] = models;
  if (model === undefined) return { paths: [], besides };
  const copies = others.filter((other) => models.includes(other) || isCopy(other, model));
  if (copies.length > 1) return { paths: copies.map(({ key }) => key), besides };
  const inner = findModelPlace(model.value, model.names);
  const within = (path: string) => `${model.key}.${path}`;
  return {
    paths: inner.paths.length === 0 ? [model.key] : inner.paths.map(within),
    besides: [...besides, ...inner.besides.map(within)],
  };
}

function sectionsOf(root: ReadonlyMap<unknown, unknown>, names: readonly string[]): Section[] {
  const below = new Map<string, string[]>();
  for (const name of names) {
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const key = name.slice(0, dot);
      if (!root.has(key)) continue;
      const inner = below.get(key) ?? [];
      if (inner.length === 0) below.set(key, inner);
      inner.push(name.slice(dot + 1));
    }
    // a whole module in the place of its state
    if (MODEL.test(name) && root.get(name) instanceof OpaqueValue) below.set(name, []);
  }
  return [...below].map(([key, inner]) => ({ key, value: root.get(key), names: inner }));
}

/** Whether one dictionary has the names of another, perhaps behind a prefix. */
function isCopy(section: Section, model: Section): boolean {
  const [name] = model.names;
  return name !== undefined && section.names.some((own) => own === name || own.endsWith(`.${name}`));
}
