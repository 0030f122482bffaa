import { basename, dirname, extname } from 'node:path';
import type { Plan } from '@eim/core/training';
import type { RunsContext } from '../context.js';
import { checkPlan } from './check-plan.js';
import { configMistakesError, schemaMistakes } from './config-issues.js';
import { type ConfigSections, configSchema, type PartConfig } from './config-schema.js';
import { type ConfigPath, ConfigSource } from './config-source.js';
import { expandModelPath, expandPath } from './expand-path.js';
import { parseOverride } from './override.js';
import { quantisedMistakes } from './quantised-mistakes.js';

/** A config with its plan resolved and the paths of its model absolute; `completeConfig` fills in the options of its data. */
export interface Config extends Omit<ConfigSections, 'plan' | 'name'> {
  readonly name: string;
  readonly plan: Plan;
}

export interface ReadConfig {
  readonly config: Config;
  readonly source: ConfigSource;
}

export interface ReadConfigOptions extends Pick<RunsContext, 'environment' | 'workingFolder'> {
  /** `key=value`, as typed. */
  readonly overrides?: readonly string[] | undefined;
}

/**
 * Reads and checks a config.
 * @throws EimError `invalid-config` with every mistake at once, each with file, line and column
 * @example
 * const { config } = await readConfig('my.yaml', { environment: process.env, overrides: ['training.seed=3'] });
 * console.log(config.training.seed, config.plan.segments.length);
 */
export async function readConfig(path: string, options: ReadConfigOptions = {}): Promise<ReadConfig> {
  const overrides = (options.overrides ?? []).map(parseOverride);
  return checkConfig(await ConfigSource.read(path, overrides), options);
}

/** Like `readConfig`, for a config that has already been read. */
export function checkConfig(
  source: ConfigSource,
  { environment = {}, workingFolder = process.cwd() }: ReadConfigOptions = {},
): ReadConfig {
  const value = source.toValue();
  const parsed = configSchema.safeParse(value);
  const mistakes = parsed.success ? [] : schemaMistakes(configSchema, parsed.error.issues);
  // The plan is checked even where other sections are wrong, so that all mistakes are told at once.
  const given = value as { plan?: unknown; training?: { batchSize?: unknown } };
  const batchSize = Number.isInteger(given.training?.batchSize)
    ? (given.training!.batchSize as number)
    : undefined;
  const isMap = typeof given.plan === 'object' && given.plan !== null && !Array.isArray(given.plan);
  const checked = isMap
    ? checkPlan(given.plan as Record<string, unknown>, batchSize)
    : { plan: undefined, mistakes: [] };
  mistakes.push(...checked.mistakes);
  if (parsed.success && checked.plan)
    mistakes.push(...quantisedMistakes(parsed.data.model.llm, checked.plan));
  if (!parsed.success || !checked.plan || mistakes.length > 0) throw configMistakesError(source, mistakes);

  const { plan: _, name = basename(source.path, extname(source.path)), ...sections } = parsed.data;
  const options = { environment, workingFolder };
  const absolute = absolutePaths(source, options);
  const absoluteModel = absolutePaths(source, options, expandModelPath);
  const { encoder, st, llm, tokenizer } = sections.model;
  const withPaths = (part: PartConfig, at: string): PartConfig => ({
    ...part,
    ...(part.weights !== undefined && { weights: absoluteModel(part.weights, ['model', at, 'weights']) }),
    ...(part.adapter !== undefined && { adapter: absoluteModel(part.adapter, ['model', at, 'adapter']) }),
  });
  return {
    source,
    config: {
      ...sections,
      name,
      plan: checked.plan,
      model: {
        encoder: withPaths(encoder, 'encoder'),
        st: withPaths(st, 'st'),
        llm: withPaths(llm, 'llm'),
        tokenizer:
          tokenizer.use === 'file'
            ? { ...tokenizer, path: absolute(tokenizer.path, ['model', 'tokenizer', 'path']) }
            : tokenizer,
      },
    },
  };
}

/** Makes paths absolute. They start from the config's folder, those in overrides from the working folder. */
export function absolutePaths(
  source: ConfigSource,
  { environment = {}, workingFolder = process.cwd() }: ReadConfigOptions,
  expand: typeof expandPath = expandPath,
): (path: string, at: ConfigPath) => string {
  return (path, at) =>
    expand(path, source.isOverridden(at) ? workingFolder : dirname(source.path), environment);
}
