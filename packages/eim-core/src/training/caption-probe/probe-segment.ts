import type { ModelParts } from '@eim/contracts/model';
import { CAPTION_PROBE, type CaptionProbe, captionProbeSchema } from '../../plan/measured-by-schema.js';
import { type Segment, segmentSchema } from '../../plan/segment-schema.js';

export interface ProbeSegmentOptions {
  /** Absent: the defaults. */
  readonly probe: CaptionProbe | undefined;
  /** The split that is trained on. */
  readonly split: string;
  /** Rows of that split. */
  readonly rowCount: number;
}

/** What a caption probe does, as a segment: ST and LLM learn from captions, as far as they have parameters. */
export function probeSegment(parts: ModelParts, { probe, split, rowCount }: ProbeSegmentOptions): Segment {
  const { steps, batchSize, learningRate } = probe ?? captionProbeSchema.parse({});
  const learn = { select: 'full', learningRate };
  return segmentSchema.parse({
    name: CAPTION_PROBE,
    learn: {
      ...(parts.st.parameters().length > 0 && { st: learn }),
      ...(parts.llm.parameters().length > 0 && { llm: learn }),
    },
    objective: 'caption',
    data: split,
    until: { steps },
    batchSize: Math.min(batchSize, rowCount),
    clipNorm: 1,
    onNumericFailure: 'stop',
  });
}

/** How many rows a caption probe trains on, at most: as many as its steps take if none comes twice. */
export const probedRowCount = ({ until, batchSize }: Segment, rowCount: number): number =>
  Math.min(rowCount, until.steps! * batchSize);
