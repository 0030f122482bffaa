import type { ModelParts, Objective, Parametric } from '@eim/contracts/model';
import { PART_NAMES, type PartName } from '../compose/composed-model.js';
import { selectForms, trainableSize } from '../compose/select-parameters.js';
import type { Plan } from '../plan/plan-schema.js';

/** Parameters of one part, counted as elements, not tensors. */
export interface PartLedger {
  /** Parameters that the part has when it is used, read-only weights included. */
  readonly inference: number;
  /** Parameters that learn, by segment; every segment of the plan is named. Of a weight that learns in low rank, its factors. */
  readonly trainable: Readonly<Record<string, number>>;
  /** Parameters that exist during training alone: those of objectives, counted for the part that they serve. */
  readonly trainOnly: number;
}

/** What `eim params --json` prints. */
export interface ParameterLedger {
  readonly parts: Readonly<Record<PartName, PartLedger>>;
  /** Inference parameters of all parts. */
  readonly total: number;
}

export interface LedgerOptions {
  /** Without a plan nothing is trainable. */
  readonly plan?: Plan | undefined;
  /** The objective of each segment by the segment's name; their own parameters exist during training alone. */
  readonly objectives?: ReadonlyMap<string, Objective> | undefined;
}

/**
 * Counts the elements of all given parameters.
 * @example
 * countParameters(encoder.parameters());
 */
export function countParameters(parameters: ReturnType<Parametric['parameters']>): number {
  return parameters.reduce((sum, { variable }) => sum + variable.size, 0);
}

/** Elements of all read-only weights, however few bits each takes. */
function countReadOnly(part: Parametric): number {
  const sizes = (part.readOnlyWeights?.() ?? []).map(({ shape }) =>
    shape.reduce((size, side) => size * side, 1),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Counts the parameters of each part, those that learn in each segment, and those that exist during training alone. An
 * objective shared by several segments counts once; one that serves several parts counts for the first of them.
 * @throws EimError `invalid-config` where a segment selects something that a part does not have
 * @example
 * const { parts, total } = parameterLedger(model, { plan });
 * console.log(total, parts.llm.trainable);
 */
export function parameterLedger(
  parts: ModelParts,
  { plan, objectives = new Map() }: LedgerOptions = {},
): ParameterLedger {
  const segments = plan?.segments ?? [];
  const ledgerOf = (part: PartName): PartLedger => {
    const trainable = segments.map(({ name, learn }) => {
      const selected = selectForms(parts[part], learn[part]?.select ?? 'frozen', part);
      return [name, selected.reduce((sum, one) => sum + trainableSize(one), 0)] as const;
    });
    const served = new Set<Objective>();
    for (const segment of segments) {
      const objective = objectives.get(segment.name);
      if (objective && servedPart(objective) === part) served.add(objective);
    }
    const trainOnly = [...served].map((objective) => countParameters(objective.parameters?.() ?? []));
    return {
      inference: countParameters(parts[part].parameters()) + countReadOnly(parts[part]),
      trainable: Object.fromEntries(trainable),
      trainOnly: trainOnly.reduce((sum, count) => sum + count, 0),
    };
  };
  const ledgers = { encoder: ledgerOf('encoder'), st: ledgerOf('st'), llm: ledgerOf('llm') };
  const total = PART_NAMES.reduce((sum, part) => sum + ledgers[part].inference, 0);
  return { parts: ledgers, total };
}

const servedPart = ({ uses }: Objective): PartName => PART_NAMES.find((part) => uses[part]) ?? 'encoder';
