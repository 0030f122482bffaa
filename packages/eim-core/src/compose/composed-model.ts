import type { ModelParts, Parameter } from '@eim/contracts/model';

/** The three parts in the order of the computation. */
export const PART_NAMES = ['encoder', 'st', 'llm'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** A parameter and the part that it belongs to. */
export interface PartParameter {
  readonly part: PartName;
  readonly parameter: Parameter;
  /** Unique in the model: `encoder.blocks.0.attention.query.weight`. Names of saved tensors. */
  readonly name: string;
}

/** The package that a part came from, for messages. */
export type PartPackages = Readonly<Partial<Record<PartName, string>>>;

/** Three parts that fit each other. */
export interface ComposedModel extends ModelParts {
  readonly packages: PartPackages;
  /** Parameters of all parts, in the order of the computation. */
  parameters(): readonly PartParameter[];
  /** Frees all three parts. */
  dispose(): void;
}
