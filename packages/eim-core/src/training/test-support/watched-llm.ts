import type { SegmentInput } from '../../plan/segment-schema.js';
import { type TinyRun, tinySegment } from './tiny-run.js';

const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
/** The LLM's one block and what is below it are frozen. */
export const above = { names: ['head.*', 'norm.*'] };
/** A segment in which the LLM learns above its one block. */
export const readOut = (changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({
    learn: { llm: { select: above, learningRate: 0.02 } },
    gate,
    until: { epochs: 2 },
    ...changes,
  });

export interface Watched extends TinyRun {
  /** Rows that the LLM ran over, whole and behind its blocks. */
  readonly rows: { whole: number; rest: number };
}

/** Counts the rows that the LLM of a run runs over. */
export function watched(run: TinyRun): Watched {
  const { llm } = run.model;
  const rows = { whole: 0, rest: 0 };
  const [forward, forwardFrom] = [llm.forward.bind(llm), llm.forwardFrom!.bind(llm)];
  llm.forward = (embeddings, options) => {
    rows.whole += embeddings.shape[0];
    return forward(embeddings, options);
  };
  llm.forwardFrom = (start, options) => {
    // Of one row are the runs on shapes alone.
    if (start.hidden.shape[0] > 1) rows.rest += start.hidden.shape[0];
    return forwardFrom(start, options);
  };
  return { ...run, rows };
}
