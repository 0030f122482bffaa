import { join, resolve } from 'node:path';
import { EimError, type PartExport } from '@eim/contracts';
import { type ModelDescription, type PartName, resolvePlugin } from '@eim/core';
import { pytorchChunks } from '@eim/weights';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { RunFolder } from '../run-folder/run-folder.js';

export interface ExportRunOptions extends RunsContext {
  /** The program that is to read the file, such as `lavin`. */
  readonly target: string;
  /** The file to write. Absent: `<target>.pth` in the run's folder. */
  readonly out?: string | undefined;
}

/** What was written. */
export interface ExportedRun {
  readonly out: string;
  readonly target: string;
  /** Shapes by the program's names. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}

const KINDS = { encoder: 'encoders', st: 'semanticTransforms', llm: 'languageModels' } as const;

/**
 * Writes the part of a run that another program can read, as that program's checkpoint: a PyTorch file under its names.
 * @throws EimError `invalid-argument` where no part of the run can be written for the program, listing the programs that there are
 * @example
 * const { tensors } = await exportRun('runs/lavin', { packages, target: 'lavin', out: 'checkpoint.pth' });
 */
export async function exportRun(run: string, options: ExportRunOptions): Promise<ExportedRun> {
  const { target } = options;
  const context = completeContext(options);
  const folder = RunFolder.open(resolve(context.workingFolder, run));
  await startChosenEngine(context);
  const { model, description } = await loadRunModel(folder, context);
  try {
    const known = await exportsOf(description, pluginLoader(folder.configFile, context));
    const found = known.find(({ written }) => written.target === target);
    if (!found)
      throw unknownTarget(
        folder,
        target,
        known.map(({ written }) => written.target),
      );
    const tensors = await found.written.tensors(model[found.part]);
    const out = resolve(context.workingFolder, options.out ?? join(folder.path, `${target}.pth`));
    await writeFileAtomically(out, pytorchChunks(found.written.place, tensors));
    return { out, target, tensors: Object.fromEntries(tensors.map(({ name, shape }) => [name, shape])) };
  } finally {
    model.dispose();
  }
}

/** Every way in which a part of the model can be written. */
async function exportsOf({ parts }: ModelDescription, loadPlugin: ReturnType<typeof pluginLoader>) {
  const known: { readonly part: PartName; readonly written: PartExport<unknown> }[] = [];
  for (const part of Object.keys(KINDS) as PartName[]) {
    const { entry } = await resolvePlugin(parts[part].use, KINDS[part], loadPlugin);
    for (const written of entry.exports ?? []) known.push({ part, written: written as PartExport<unknown> });
  }
  return known;
}

function unknownTarget({ path }: RunFolder, target: string, known: readonly string[]): EimError {
  return new EimError({
    code: 'invalid-argument',
    message: `No part of ${path} can be written for '${target}'.`,
    advice:
      known.length > 0
        ? `Take one of ${known.join(', ')}.`
        : 'Its encoder, ST and LLM are none that another program reads.',
    data: { target, known },
  });
}
