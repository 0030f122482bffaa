import { resolve } from 'node:path';
import { type Dataset, EimError } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { pluginLoader } from '../model/plugin-loader.js';

/** Engines on which a step of a tuned LLM of 135 million parameters finds no room, or no end. */
const TOO_SMALL: readonly string[] = ['wasm', 'cpu'];

/**
 * Opens the pictures of a demo with published parts and makes sure that it can be trained here: before anything is fetched.
 * @param path a folder or a caption file, absolute
 * @throws EimError naming what is wrong with the pictures; `out-of-memory` on an engine that cannot hold a step
 */
export async function openRealDemo(path: string, context: CompleteContext): Promise<Dataset> {
  const loadPlugin = pluginLoader(resolve(context.workingFolder, 'demo.yaml'), context);
  const dataset = await openDataset({ use: 'captions', path }, { ...context, loadPlugin });
  const { name } = await startChosenEngine({ ...context, onNote: () => {} });
  if (!TOO_SMALL.includes(name)) return dataset;
  throw new EimError({
    code: 'out-of-memory',
    message: `A captioner of published parts takes 7 GB of memory and more to train, which the engine '${name}' does not have.`,
    advice: 'Run `eim engine install node` (about half a minute), then this again.',
    data: { engine: name },
  });
}
