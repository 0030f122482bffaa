import { EimError } from '@eim/contracts';
import { completeContext, type RunsContext } from '../../context.js';
import type { RunResult } from '../../training/train-model.js';
import { armOf, unitName } from '../description/arm-config.js';
import { configHash } from '../description/config-hash.js';
import { readExperiment } from '../description/read-experiment.js';
import { readUnitRecord, writeUnitRecord } from '../records/record-files.js';
import type { AnyRecord } from '../records/unit-record.js';
import { machineRecord } from './machine-record.js';
import { scoreAnswers } from './score-answers.js';
import { scoreUnit } from './score-unit.js';
import { trainUnit } from './train-unit.js';
import { trainingRecord } from './training-record.js';
import { UnitFolder } from './unit-folder.js';

/** A unit by names that JSON can hold. */
export interface UnitRequest {
  readonly file: string;
  readonly arm: string;
  readonly seed: number;
  /** The config hash that whoever asks has seen. */
  readonly configHash: string;
}

/** Share of a unit's progress that is training; the rest is scoring. */
const TRAINING_SHARE = 0.9;

/**
 * Trains one arm with one seed, or goes on with it, scores it, and writes its record.
 * @throws EimError `interrupted` when the signal is aborted; asked again, it goes on from there
 */
export async function runUnit(
  { file, arm, seed, configHash: seen }: UnitRequest,
  options: RunsContext,
): Promise<AnyRecord> {
  const context = completeContext(options);
  const experiment = await readExperiment(file, context);
  const unit = { arm: armOf(experiment, arm), seed };
  const hash = unit.arm && (await configHash(experiment, unit));
  if (hash !== seen) throw changedMeanwhile(file);
  const folder = new UnitFolder(experiment, unit, hash, context.environment);
  const label = unitName(unit);
  const tell = (share: number, detail?: string) =>
    context.onProgress({ label, done: share, total: 1, ...(detail !== undefined && { detail }) });
  const { run, dataset } = await trainUnit(experiment, unit, folder, {
    ...context,
    onProgress: ({ done, total, label: segment, detail }) =>
      tell(
        (TRAINING_SHARE * done) / Math.max(1, total),
        [segment.split(' › ')[1], detail].filter(Boolean).join('  '),
      ),
  });
  const onProgress = (done: number, total: number) =>
    tell(TRAINING_SHARE + ((1 - TRAINING_SHARE) * done) / total, 'scoring');
  const { benchmark } = experiment.score;
  const score = benchmark
    ? await scoreAnswers(run, benchmark, { context, onProgress })
    : await scoreUnit(run, experiment, { dataset, context, onProgress });
  const earlier = await readUnitRecord(experiment, unit);
  const before = await folder.readState();
  const state = {
    ...before,
    scoredTimes:
      1 +
      Math.max(
        before.scoredTimes,
        earlier && scoredOn(earlier) === scoredOn({ score }) ? earlier.scoredTimes : 0,
      ),
  };
  await folder.writeState(state);
  const { engine } = run.environment;
  const result = (await run.folder.readJson('result.json')) as RunResult;
  const { parts, total } = result.ledger;
  const record = {
    format: 1 as const,
    experiment: experiment.name,
    arm,
    seed,
    configHash: hash,
    dataHash: state.dataHash,
    code: state.code,
    engine: {
      name: engine.name,
      device: engine.device,
      threads: engine.threads,
      kernelVersion: engine.kernelVersion,
    },
    machine: machineRecord(engine),
    begunAt: state.begunAt,
    endedAt: new Date().toISOString(),
    parameters: {
      encoder: parts.encoder.inference,
      st: parts.st.inference,
      llm: parts.llm.inference,
      total,
    },
    ...(state.allowance && { allowance: state.allowance }),
    training: await trainingRecord(run, result, state.coreSeconds),
    score,
    scoredTimes: state.scoredTimes,
  } as AnyRecord;
  await writeUnitRecord(experiment, unit, record);
  return record;
}

/** What was scored: a split, or a benchmark with its options. */
function scoredOn({ score }: Pick<AnyRecord, 'score'>): string {
  return 'split' in score ? score.split : `${score.benchmark} ${JSON.stringify(score.options)}`;
}

function changedMeanwhile(file: string): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `${file}, or a config that it names, was changed after the command had begun.`,
    advice: 'Run the command again.',
    data: { file },
  });
}
