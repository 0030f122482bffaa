import type { ModelParts, ParameterRole } from '@eim/contracts/model';
import { PART_NAMES } from '../compose/composed-model.js';

/** One inference parameter as the invariant sees it. */
export interface StructureEntry {
  /** `encoder.blocks.0.attention.query.weight` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** How the values are held; present for read-only weights alone. */
  readonly format?: string;
}

/** Names, shapes and roles of all inference parameters, read-only ones included, and what the parts say of their own structure. */
export interface StructureFingerprint {
  readonly parameters: readonly StructureEntry[];
  /** Widths, block counts, prefix length, context length. */
  readonly structure: Readonly<Record<string, number>>;
}

/** Plain data, so that a run folder can keep it. */
export function structureFingerprint(parts: ModelParts): StructureFingerprint {
  const { encoder, st, llm } = parts;
  return {
    parameters: PART_NAMES.flatMap((part) => [
      ...parts[part].parameters().map(({ name, variable, role }) => ({
        name: `${part}.${name}`,
        shape: [...variable.shape],
        role,
      })),
      ...(parts[part].readOnlyWeights?.() ?? []).map(({ name, shape, role, format }) => ({
        name: `${part}.${name}`,
        shape: [...shape],
        role,
        format,
      })),
    ]),
    structure: {
      'encoder.imageSize': encoder.preprocessing.imageSize,
      'encoder.blockCount': encoder.blockCount,
      'encoder.tokenCount': encoder.tokenCount,
      'encoder.tokenSize': encoder.tokenSize,
      'encoder.pooledSize': encoder.pooledSize,
      'st.prefixLength': st.prefixLength,
      'llm.blockCount': llm.blockCount,
      'llm.headCount': llm.headCount,
      'llm.hiddenSize': llm.hiddenSize,
      'llm.vocabularySize': llm.vocabularySize,
      'llm.contextLength': llm.contextLength,
    },
  };
}
