import { haveKnownName } from './known-names.js';

/** The names of a model without what wraps it. */
export interface UnwrappedNames {
  /** Name in the file by name without wrappers, in the order given. */
  readonly fileNames: ReadonlyMap<string, string>;
  /** What stood before the names and was taken off. */
  readonly prefix: string;
  /** What is wrong with a wrapper, as a clause; names are then as in the file. */
  readonly fault?: string;
}

/**
 * What wraps a module and gives its names another level, at any depth: torch.compile, fully sharded training, activation
 * checkpoints, Fabric. No published model has a part of such a name.
 */
const WRAPPERS = ['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module', '_forward_module'];
/** What data parallel training and moving averages put around a model; a part of a model may be called so too. */
const OUTER_WRAPPER = 'module';
/** How many models a moving average was taken of: torch.optim.swa_utils.AveragedModel. */
const AVERAGE_COUNT = 'n_averaged';

/**
 * Takes wrappers off the names of a model: those of {@link WRAPPERS} anywhere, `module.` before all names, and any other
 * level before all names under which a known model's names stand (`model.` of a Lightning module).
 */
export function unwrapNames(names: readonly string[]): UnwrappedNames {
  const asTheyAre = new Map(names.map((name) => [name, name]));
  const mixed = findMixed(names);
  if (mixed !== undefined) return { fileNames: asTheyAre, prefix: '', fault: mixed };
  const inner = new Map(names.map((name) => [withoutWrappers(name), name]));
  const { prefix, fault } = outerPrefix([...inner.keys()]);
  if (fault !== undefined) return { fileNames: asTheyAre, prefix: '', fault };
  const kept = [...inner].filter(([name]) => prefix === '' || name.startsWith(prefix));
  const fileNames = new Map(kept.map(([name, file]) => [name.slice(prefix.length), file]));
  const [shown = '', file = ''] = [...fileNames][0] ?? [];
  return { fileNames, prefix: file.endsWith(shown) ? file.slice(0, file.length - shown.length) : prefix };
}

const withoutWrappers = (name: string): string =>
  name
    .split('.')
    .filter((part) => !WRAPPERS.includes(part))
    .join('.');

/** A module that is wrapped has no other part; names that say otherwise come of two models. */
function findMixed(names: readonly string[]): string | undefined {
  const wrappers = new Map<string, string>();
  for (const name of names) {
    const parts = name.split('.');
    parts.forEach((part, index) => {
      if (WRAPPERS.includes(part)) wrappers.set(parts.slice(0, index).join('.'), part);
    });
  }
  for (const [parent, wrapper] of wrappers) {
    const start = parent === '' ? '' : `${parent}.`;
    const other = names.find((name) => name.startsWith(start) && !name.startsWith(`${start}${wrapper}.`));
    if (other !== undefined) return mixedFault(`${start}${wrapper}.`, other);
  }
  return undefined;
}

/** What stands before all names, as far as it is a wrapper. */
function outerPrefix(names: readonly string[]): { readonly prefix: string; readonly fault?: string } {
  let prefix = '';
  let known = '';
  let rest = names;
  for (;;) {
    if (haveKnownName(rest)) return { prefix };
    const levels = new Set(rest.map((name) => name.slice(0, name.indexOf('.') + 1)));
    if (levels.has(`${OUTER_WRAPPER}.`)) rest = rest.filter((name) => name !== AVERAGE_COUNT);
    const [level = ''] = rest.map((name) => name.slice(0, name.indexOf('.') + 1));
    const other = level === '' ? undefined : rest.find((name) => !name.startsWith(level));
    if (level === '' || other !== undefined) return { prefix: known, ...faultOf(prefix, rest) };
    prefix += level;
    rest = rest.map((name) => name.slice(level.length));
    // the level alone says that it wraps; any other says so by the names below it
    if (level === `${OUTER_WRAPPER}.` && known.length === prefix.length - level.length) known = prefix;
  }
}

/** Some names of a known model behind a wrapper, and some not. */
function faultOf(prefix: string, names: readonly string[]): { readonly fault?: string } {
  for (const level of [`${OUTER_WRAPPER}.`, 'model.']) {
    const inside = names.filter((name) => name.startsWith(level)).map((name) => name.slice(level.length));
    const other = names.find((name) => !name.startsWith(level));
    if (inside.length > 0 && other !== undefined && haveKnownName(inside)) {
      return { fault: mixedFault(prefix + level, prefix + other) };
    }
  }
  return {};
}

const mixedFault = (prefix: string, other: string): string =>
  `some of its names begin with "${prefix}", and others, such as "${other}", do not`;
