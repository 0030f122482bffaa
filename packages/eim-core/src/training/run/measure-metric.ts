import { EimError } from '@eim/contracts';
import type { ModelParts, Objective } from '@eim/contracts/model';
import { CAPTION_PROBE, type CaptionProbe, type Half } from '../../plan/measured-by-schema.js';
import { captionProbe } from '../caption-probe/caption-probe.js';
import { EVALUATION_BATCH, evaluationBatches } from '../data/evaluation-batches.js';
import { halfOfRows } from '../data/half-of-rows.js';
import { partOfSplit, readPartOfSplit } from '../data/part-of-split.js';
import type { Measurement } from '../gates/measurement.js';
import { shareMeasurement } from '../sharing/share-measurement.js';
import { probePictures, WORD_PROBE } from '../word-probe/probe-pictures.js';
import type { SegmentSplits } from './segment-splits.js';
import type { TrainingEnvironment } from './training-environment.js';

/** What is to be measured. */
export interface AskedMetric {
  readonly metric: string;
  readonly split: string;
  /** Which half of the split. Absent: all of it. */
  readonly half?: Half | undefined;
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
 * the same random stream at every call; of several processes the first one measures.
 * @throws EimError `invalid-config` where nobody knows the metric
 */
export function measureMetric(
  environment: TrainingEnvironment,
  request: MetricRequest,
): Promise<Measurement> {
  const { group } = environment.options;
  return shareMeasurement(group, () => measureHere(environment, request));
}

async function measureHere(environment: TrainingEnvironment, request: MetricRequest): Promise<Measurement> {
  const { metric, split, half, segment, objective, parts, data } = request;
  const injected = environment.options.metrics?.[metric];
  if (injected && half) throw noHalf(request);
  if (injected) return { value: await injected(environment.model, split) };
  const chosen = half && chosenHalf(environment, split, half);
  if (metric === WORD_PROBE)
    return probePictures(environment, { trainOn: request.trainOn, measureOn: split, half });
  if (metric === CAPTION_PROBE)
    return captionProbe(environment, {
      probe: request.probe,
      trainOn: request.trainOn,
      heldOut: chosen ? partOfSplit(environment.splitData(split), chosen) : environment.splitData(split),
      random: environment.random.fork(`caption-probe.${segment}`),
      each: request.each,
    });
  const random = environment.random.fork(`evaluate.${segment}.${split}`);
  const all = await data.split(split);
  const measured = chosen ? readPartOfSplit(all, chosen) : all;
  const pictures = new Map<string, Float32Array>();
  const own = objective.evaluate
    ? await objective.evaluate(parts, evaluationBatches(measured, EVALUATION_BATCH), {
        training: false,
        random,
        rows: measured.rows,
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

/** @throws EimError `invalid-config` where no row of the split is in that half */
function chosenHalf(environment: TrainingEnvironment, split: string, half: Half): number[] {
  const chosen = halfOfRows(environment.rows(split), half);
  if (chosen.length > 0) return chosen;
  throw new EimError({
    code: 'invalid-config',
    message: `The ${half} half of the split '${split}' (half: ${half}) holds no row: the split is too small to be halved.`,
    advice: 'Leave half out, or take a larger split.',
    data: { split, half },
  });
}

function noHalf({ segment, metric, split, half }: MetricRequest): EimError {
  return new EimError({
    code: 'invalid-config',
    message: `Segment '${segment}' asks for '${metric}' on the ${half} half of '${split}' (half: ${half}), which comes from outside and measures whole splits.`,
    advice: 'Leave half out, or take a metric of the objective or a probe.',
    data: { segment, metric, split, half },
  });
}
