import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ComposedModel, type ModelDescription, parseModelDescription } from '@eim/core';
import { saveModel } from '@eim/core/node';
import { writeFileAtomically } from '@eim/weights/node';
import { readEnvironment } from '../../run-folder/record/environment-file.js';
import type { RunFolder } from '../../run-folder/run-folder.js';

/** Folder of the parts that transformers does not read, inside the one that it reads. */
export const BESIDE = 'eim';

/**
 * Writes encoder and ST beside an exported LLM as a run: its config with the plan, and a saved model whose LLM is the exported one.
 * `eim` takes the folder `eim/` like any run, and both folders can be moved together.
 */
export async function writeRunBeside(
  {
    folder,
    model,
    description,
  }: { readonly folder: RunFolder; readonly model: ComposedModel; readonly description: ModelDescription },
  out: string,
): Promise<void> {
  const beside = join(out, BESIDE);
  await mkdir(beside, { recursive: true });
  const { encoder, st, llm } = description.parts;
  const whole = ({ use, options }: typeof encoder) => ({ use, options: options as object });
  const target = join(beside, 'model');
  await saveModel(target, {
    model,
    parts: { encoder: whole(encoder), st: whole(st), llm: { ...whole(llm), weights: out } },
    hasLearnt: ({ part }) => part !== 'llm',
    frozenWeights: 'reference',
  });
  await makeRelative(join(target, 'model.json'));
  for (const file of [folder.configFile, join(folder.path, 'result.json')]) {
    if (existsSync(file)) await copyFile(file, join(beside, basename(file)));
  }
  // Processes, which name hosts, and paths of parents are of this machine alone.
  const { sessions: _, parents: __, ...environment } = (await readEnvironment(folder)) ?? {};
  await writeFileAtomically(join(beside, 'env.json'), `${JSON.stringify(environment, undefined, 2)}\n`);
}

/** The LLM lies two folders above the saved model, wherever that is. */
async function makeRelative(file: string): Promise<void> {
  const description = parseModelDescription(await readFile(file, 'utf8'), file);
  const { llm } = description.parts;
  const weights = { ...llm.weights!, kept: 'copy' as const, path: '../..' };
  const moved = { ...description, parts: { ...description.parts, llm: { ...llm, weights } } };
  await writeFileAtomically(file, `${JSON.stringify(moved, undefined, 2)}\n`);
}
