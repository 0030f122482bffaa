import { EimError } from '@eim/contracts';
import type { ModelParts, Objective } from '@eim/contracts/model';
import { CAPTION_PROBE, type CaptionProbe } from '../../plan/measured-by-schema.js';
import { captionProbe } from '../caption-probe/caption-probe.js';
import { EVALUATION_BATCH, evaluationBatches } from '../data/evaluation-batches.js';
import type { Measurement } from '../gates/measurement.js';
import { probePictures, WORD_PROBE } from '../word-probe/probe-pictures.js';
import type { SegmentSplits } from './segment-splits.js';
import type { TrainingEnvironment } from './training-environment.js';

/** What is to be measured. */
export interface AskedMetric {
  readonly metric: string;
  readonly split: string;
  /** Whether the values of single pictures are wanted, too. */
  readonly each: boolean;
  /** Settings of the metric `caption-probe`. Absent: its defaults. */
  readonly probe?: CaptionProbe | undefined;
}

export interface MetricRequest extends AskedMetric {
  readonly segment: string;
  readonly objective: Objective;
  readonly parts: ModelParts;
  readonly data: SegmentSplits;
  /** Split that the segment trains on. */
  readonly trainOn: string;
}

/**
 * One held-out metric: an injected one by that name, a probe, or else one of the objective's own. The same data and
 * the same random stream at every call.
 * @throws EimError `invalid-config` where nobody knows the metric
 */
export async function measureMetric(
  environment: TrainingEnvironment,
  request: MetricRequest,
): Promise<Measurement> {
  const { metric, split, segment, objective, parts, data } = request;
  const injected = environment.options.metrics?.[metric];
  if (injected) return { value: await injected(environment.model, split) };
  if (metric === WORD_PROBE)
    return probePictures(environment, { trainOn: request.trainOn, measureOn: split });
  if (metric === CAPTION_PROBE)
    return captionProbe(environment, {
      probe: request.probe,
      trainOn: request.trainOn,
      heldOut: environment.splitData(split),
      random: environment.random.fork(`caption-probe.${segment}`),
      each: request.each,
    });
  const random = environment.random.fork(`evaluate.${segment}.${split}`);
  const pictures = new Map<string, Float32Array>();
  const own = objective.evaluate
    ? await objective.evaluate(parts, evaluationBatches(await data.split(split), EVALUATION_BATCH), {
        training: false,
        random,
        rows: environment.rows(split),
        ...(request.each && { each: (name, values) => void pictures.set(name, values) }),
      })
    : {};
  const value = own[metric];
  const each = pictures.get(metric);
  if (value !== undefined) return { value, ...(each && { each }) };
  const known = [
    ...Object.keys(own),
    WORD_PROBE,
    CAPTION_PROBE,
    ...Object.keys(environment.options.metrics ?? {}),
  ];
  throw new EimError({
    code: 'invalid-config',
    message: `Segment '${segment}' asks for the metric '${metric}', which its objective '${objective.name}' does not measure.`,
    advice: `Known here: ${known.join(', ') || 'none'}.`,
    data: { segment, metric, known },
  });
}
