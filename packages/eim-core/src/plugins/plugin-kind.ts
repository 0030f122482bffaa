import type { ModelPluginManifest } from '@eim/contracts/model';

/** The fields of a manifest that hold entries. */
export type PluginKind =
  | 'encoders'
  | 'semanticTransforms'
  | 'languageModels'
  | 'textEncoders'
  | 'objectives'
  | 'datasets'
  | 'benchmarks'
  | 'loggers'
  | 'rewards';

/** One entry of a kind. */
export type EntryOf<Kind extends PluginKind> = NonNullable<ModelPluginManifest[Kind]>[string];

/** The word for each kind in messages. */
export const KIND_WORDS: Readonly<Record<PluginKind, string>> = {
  encoders: 'encoder',
  semanticTransforms: 'ST',
  languageModels: 'LLM',
  textEncoders: 'text encoder',
  objectives: 'objective',
  datasets: 'data set',
  benchmarks: 'benchmark',
  loggers: 'logger',
  rewards: 'reward',
};
