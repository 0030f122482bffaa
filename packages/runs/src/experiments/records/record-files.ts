import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import { z } from 'zod';
import { readJson } from '../../data/read-json.js';
import { type Unit, unitName } from '../description/arm-config.js';
import type { Experiment } from '../description/read-experiment.js';
import { type BaselinesRecord, baselinesRecordSchema } from './baselines-record.js';
import { recordText } from './record-text.js';
import { type AnyRecord, answerRecordSchema, unitRecordSchema } from './unit-record.js';

const BASELINES = 'baselines-';

/** Mistakes are told by the kind that the record looks like. */
const anyRecordSchema = z.unknown().transform((value, context): AnyRecord => {
  const score = (value as { score?: { benchmark?: unknown } } | null)?.score;
  const schema = score?.benchmark === undefined ? unitRecordSchema : answerRecordSchema;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue } as never);
  return z.NEVER;
});

/** Where a unit's record lies. */
export function unitRecordFile({ records }: Experiment, unit: Unit): string {
  return join(records, `${unitName(unit)}.json`);
}

/** The record of a unit, or undefined where it has none. @throws EimError `invalid-file` where it is no record */
export async function readUnitRecord(experiment: Experiment, unit: Unit): Promise<AnyRecord | undefined> {
  const file = unitRecordFile(experiment, unit);
  return existsSync(file) ? checked(anyRecordSchema, file) : undefined;
}

export async function writeUnitRecord(experiment: Experiment, unit: Unit, record: AnyRecord): Promise<void> {
  await writeRecord(unitRecordFile(experiment, unit), record);
}

/** The baselines of every data set of an experiment that has been scored. */
export async function readBaselines({ records }: Experiment): Promise<BaselinesRecord[]> {
  const names = existsSync(records) ? await readdir(records) : [];
  const files = names.filter((name) => name.startsWith(BASELINES) && name.endsWith('.json')).sort();
  return Promise.all(files.map((name) => checked(baselinesRecordSchema, join(records, name))));
}

export async function writeBaselines({ records }: Experiment, record: BaselinesRecord): Promise<void> {
  await writeRecord(join(records, `${BASELINES}${record.dataHash}.json`), record);
}

async function checked<Schema extends z.ZodType>(schema: Schema, file: string): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new EimError({
    code: 'invalid-file',
    message: `${file} is no record of an experiment: ${faults.join('; ')}.`,
    advice: 'Restore it, or delete it and train the unit again.',
    data: { file, faults },
  });
}

async function writeRecord(file: string, record: AnyRecord | BaselinesRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomically(file, new TextEncoder().encode(recordText(record)));
}
