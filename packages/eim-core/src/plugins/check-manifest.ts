import { CONTRACT_VERSION, EimError } from '@eim/contracts';
import type { ModelPluginManifest } from '@eim/contracts/model';
import { KIND_WORDS, type PluginKind } from './plugin-kind.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Checks what a package default-exports.
 * @param packageName where it came from, for messages
 * @throws EimError `contract-mismatch` naming the package: another contract version (both are named), or every
 * field that is missing or of the wrong kind
 * @example
 * const { encoders } = checkManifest((await import('@acme/my-encoder')).default, '@acme/my-encoder');
 */
export function checkManifest(candidate: unknown, packageName: string): ModelPluginManifest {
  if (!isObject(candidate) || candidate.contractVersion === undefined) {
    throw new EimError({
      code: 'contract-mismatch',
      message: `The package '${packageName}' does not default-export a plug-in manifest.`,
      advice: 'A plug-in has `export default definePlugin({contractVersion: 1, name, ...})`.',
      data: { packageName },
    });
  }
  if (candidate.contractVersion !== CONTRACT_VERSION) {
    const theirs = String(candidate.contractVersion);
    throw new EimError({
      code: 'contract-mismatch',
      message: `The package '${packageName}' is made for contract version ${theirs}; @eim/core here has version ${CONTRACT_VERSION}.`,
      advice:
        Number(theirs) > CONTRACT_VERSION
          ? 'Update @eim/core.'
          : `Install a version of '${packageName}' for it.`,
      data: { packageName, contractVersion: candidate.contractVersion, expected: CONTRACT_VERSION },
    });
  }
  const mistakes = findMistakes(candidate);
  if (mistakes.length > 0) {
    throw new EimError({
      code: 'contract-mismatch',
      message: `The manifest of the package '${packageName}' is wrong: ${mistakes.join('; ')}.`,
      data: { packageName, mistakes },
    });
  }
  return candidate as unknown as ModelPluginManifest;
}

function findMistakes(manifest: Record<string, unknown>): string[] {
  const mistakes = typeof manifest.name === 'string' ? [] : ['name must be a string'];
  for (const kind of Object.keys(KIND_WORDS) as PluginKind[]) {
    const entries = manifest[kind];
    if (entries === undefined) continue;
    if (!isObject(entries)) {
      mistakes.push(`${kind} must be an object of entries by name`);
      continue;
    }
    for (const [name, entry] of Object.entries(entries)) {
      const missing = kind === 'benchmarks' ? missingOfBenchmark(entry) : missingOfEntry(entry);
      if (missing.length > 0) mistakes.push(`${kind}.${name} lacks ${missing.join(', ')}`);
    }
  }
  return mistakes;
}

const missingOfEntry = (entry: unknown): string[] => {
  const { presets, optionsSchema, create } = isObject(entry) ? entry : {};
  return [
    ...(isObject(presets) ? [] : ['presets (an object)']),
    ...(isObject(optionsSchema) && typeof optionsSchema.safeParse === 'function'
      ? []
      : ['optionsSchema (with safeParse)']),
    ...(typeof create === 'function' ? [] : ['create (a function)']),
  ];
};

const missingOfBenchmark = (entry: unknown): string[] => {
  const benchmark = isObject(entry) ? entry : {};
  return ['load', 'identify', 'prompt', 'parse', 'score', 'aggregate']
    .filter((method) => typeof benchmark[method] !== 'function')
    .map((method) => `${method} (a function)`);
};
