import { join, resolve } from 'node:path';
import { EimError, type ExportedTensor, type PartExport } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { type ComposedModel, type ModelDescription, type PartName, resolvePlugin } from '@eim/core';
import { pytorchChunks } from '@eim/weights';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { exportNeighbours, refuseQuantised } from './export-neighbours.js';
import { exportPeft } from './export-peft.js';

export interface ExportRunOptions extends RunsContext {
  /** The program that is to read the file, such as `lavin`. */
  readonly target: string;
  /** The file to write, for `peft` the folder. Absent: `<target>.pth`, or `peft`, in the run's folder. */
  readonly out?: string | undefined;
  /** Leaves out what the program keeps of the LLM in the same file. @default false */
  readonly stAlone?: boolean | undefined;
}

/** What was written. */
export interface ExportedRun {
  readonly out: string;
  readonly target: string;
  /** Shapes by the program's names. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}

/** An adapter of whatever LLM there is, in a folder. */
const PEFT = 'peft';

const KINDS = { encoder: 'encoders', st: 'semanticTransforms', llm: 'languageModels' } as const;

/**
 * Writes the part of a run that another program can read, as that program's checkpoint: a PyTorch file under its names.
 * @throws EimError `invalid-argument` where no part of the run can be written for the program, listing the programs that there are
 * @example
 * const { tensors } = await exportRun('runs/lavin', { packages, target: 'lavin', out: 'checkpoint.pth' });
 */
export async function exportRun(run: string, options: ExportRunOptions): Promise<ExportedRun> {
  const { target, stAlone = false } = options;
  const context = completeContext(options);
  const folder = RunFolder.open(resolve(context.workingFolder, run));
  await startChosenEngine(context);
  const { model, tokenizer, description } = await loadRunModel(folder, context);
  const shown = (out: string, tensors: readonly ExportedTensor[]): ExportedRun => ({
    out,
    target,
    tensors: Object.fromEntries(tensors.map(({ name, shape }) => [name, shape])),
  });
  try {
    const loadPlugin = pluginLoader(folder.configFile, context);
    const entries = await entriesOf(description, loadPlugin);
    if (target === PEFT) {
      const out = resolve(context.workingFolder, options.out ?? join(folder.path, PEFT));
      const { modelFolder } = folder;
      const exports = (entries.llm.exports ?? []) as readonly PartExport<LanguageModel>[];
      const { llm } = model;
      return shown(
        out,
        await exportPeft({ llm, description, modelFolder, tokenizer, loadPlugin, exports }, out),
      );
    }
    const { part, written } = findExport(entries, target, folder);
    refuseQuantised(model[part]);
    const neighbours =
      part === 'st' && !stAlone ? exportNeighbours(model.llm, entries.llm as never) : undefined;
    const checkpoint = await written.checkpoint(model[part], neighbours);
    const out = resolve(context.workingFolder, options.out ?? join(folder.path, `${target}.pth`));
    await writeFileAtomically(out, pytorchChunks(checkpoint));
    return shown(out, checkpoint.tensors);
  } finally {
    model.dispose();
  }
}

type Entries = Readonly<Record<PartName, { readonly exports?: readonly PartExport<never>[] }>>;

/** The entry of the plug-in that each part of the model is of. */
async function entriesOf(
  { parts }: ModelDescription,
  loadPlugin: ReturnType<typeof pluginLoader>,
): Promise<Entries> {
  const entryOf = async (part: PartName) =>
    (await resolvePlugin(parts[part].use, KINDS[part], loadPlugin)).entry;
  return {
    encoder: await entryOf('encoder'),
    st: await entryOf('st'),
    llm: await entryOf('llm'),
  } as Entries;
}

/** The first part that can be written for a program. */
function findExport(entries: Entries, target: string, folder: RunFolder) {
  const known = (Object.keys(KINDS) as PartName[]).flatMap((part) =>
    (entries[part].exports ?? []).map((written) => ({
      part,
      written: written as PartExport<ComposedModel[PartName]>,
    })),
  );
  const found = known.find(({ written }) => written.target === target);
  if (found) return found;
  const isPeft = known.some(({ written }) => written.library === 'transformers');
  const targets = [...known.map(({ written }) => written.target), ...(isPeft ? [PEFT] : [])];
  throw unknownTarget(folder, target, targets);
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
