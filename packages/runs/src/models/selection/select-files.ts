import { argumentError } from '../../arguments/argument-error.js';
import { matchesAny } from './include-pattern.js';
import { chooseWeights, isWeightFile } from './weight-files.js';

/** Descriptions, tokenizers and licences, by their usual names. */
const COMPANIONS = new Set([
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'params.json',
  'open_clip_config.json',
  'tokenizer.json',
  'tokenizer.model',
  'tokenizer_config.json',
  'added_tokens.json',
  'special_tokens_map.json',
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'chat_template.json',
  'chat_template.jinja',
  'bpe_simple_vocab_16e6.txt.gz',
  'tokenizer.bin',
]);
const DESCRIPTIONS = new Set(['config.json', 'params.json', 'open_clip_config.json']);
const LICENCE = /^(licen[cs]e|notice|use_policy)(\.(txt|md))?$/i;

/** The files of a model, and what a loader is given of them. */
export interface Selection {
  readonly paths: readonly string[];
  /** One of the paths, or a folder; empty: the folder that holds them all. */
  readonly entry: string;
}

/**
 * The files of a repository or an archive that a model needs: of one folder, its weights in one form (safetensors before
 * others), and the configs, tokenizers and licences beside them; and whatever matches `include`, wherever it lies.
 * @param paths of all files, with `/` between folders
 * @param folder that holds the weights; undefined: the only one that holds some
 * @throws EimError `invalid-argument` where it is not clear which weights are meant, `invalid-file` without any
 */
export function selectFiles(
  name: string,
  paths: readonly string[],
  { folder, include }: { readonly folder: string | undefined; readonly include: readonly string[] },
): Selection {
  const included = paths.filter((path) => matchesAny(path, include));
  const home = folder ?? onlyFolder(name, paths, included);
  const beside = paths.filter((path) => folderOf(path) === home).map(nameOf);
  const weights = weightsOf(name, beside, home, included);
  const companions = beside.filter((file) => COMPANIONS.has(file) || LICENCE.test(file));
  const own = [...weights, ...companions].map((file) => joined(home, file));
  const chosen = [...new Set([...own, ...included])].sort();
  const all = chosen.filter((path) => isWeightFile(nameOf(path)));
  const described = beside.some((file) => DESCRIPTIONS.has(file));
  return { paths: chosen, entry: !described && all.length === 1 ? all[0]! : home };
}

function weightsOf(
  name: string,
  beside: readonly string[],
  home: string,
  included: readonly string[],
): readonly string[] {
  const choice = chooseWeights(beside.filter((file) => file !== 'tokenizer.bin'));
  const asked = included.some((path) => isWeightFile(nameOf(path)));
  if ('chosen' in choice && (choice.chosen.length > 0 || asked)) return choice.chosen;
  if (asked) return [];
  if ('unclear' in choice)
    throw unclear(
      name,
      choice.unclear.map((file) => joined(home, file)),
    );
  throw argumentError(
    `${name} holds no weights where a model has them.`,
    'Name the files by --include PATTERN, if it has any.',
  );
}

function onlyFolder(name: string, paths: readonly string[], included: readonly string[]): string {
  const asked = included.filter((path) => isWeightFile(nameOf(path)));
  const weights = asked.length > 0 ? asked : paths.filter((path) => isWeightFile(nameOf(path)));
  const folders = [...new Set(weights.map(folderOf))];
  if (folders.length > 1) throw unclear(name, weights);
  return folders[0] ?? '';
}

function unclear(name: string, found: readonly string[]) {
  return argumentError(
    `${name} holds several weight files: ${found.slice(0, 12).join(', ')}${found.length > 12 ? ', ...' : ''}.`,
    `Choose by --include PATTERN, for instance --include '${found[0]}'.`,
  );
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const joined = (folder: string, file: string) => (folder === '' ? file : `${folder}/${file}`);
