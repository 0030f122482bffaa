export type PartName = 'encoder' | 'st' | 'llm';

/** Parameters of one part. */
export interface PartLedger {
  /** What the model holds when it is used. */
  readonly inference: number;
  /** What learns, by segment. */
  readonly trainable: Readonly<Record<string, number>>;
  /** What exists during training alone. */
  readonly trainOnly: number;
}

/** Parameters of a model, part by part, and what a plan trains of them. */
export interface PartsLedger {
  readonly parts: Readonly<Record<PartName, PartLedger>>;
  /** Inference parameters of all parts. */
  readonly total: number;
}
