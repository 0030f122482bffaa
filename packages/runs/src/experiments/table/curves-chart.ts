import { type LossPoint, lossChart, runColour } from '@eim/report';
import type { AnyRecord } from '../records/unit-record.js';

/**
 * The loss of captions over the compute of training, one line an arm, each of its first seed. Segments of other objectives
 * leave a gap: their losses are other numbers.
 * @returns SVG; undefined where nothing was trained on captions
 */
export async function curvesChart({
  arms,
  records,
}: {
  readonly arms: readonly { readonly name: string; readonly seeds: readonly number[] }[];
  readonly records: readonly AnyRecord[];
}): Promise<string | undefined> {
  const lines = arms.flatMap(({ name, seeds }, index) => {
    const record = records.find(({ arm, seed }) => arm === name && seed === seeds[0])!;
    const points = captionLosses(record);
    return points.length > 0 ? [{ name, colour: runColour(index), points }] : [];
  });
  if (lines.length === 0) return undefined;
  return lossChart('Caption loss (nats per token)', lines, { width: 860, height: 300 });
}

/** Points of a record's curve, by what their segment had spent. */
function captionLosses({ training: { curve, segments } }: AnyRecord): LossPoint[] {
  let [stepsBefore, spentBefore] = [0, 0];
  return segments.flatMap(({ name: segment, objective, steps, multiplyAdds }) => {
    const [first, spent] = [stepsBefore, spentBefore];
    stepsBefore += steps;
    spentBefore += multiplyAdds.training + multiplyAdds.encoding;
    if (objective !== 'caption') return [];
    return curve.flatMap(([step, , loss]): LossPoint[] => {
      if (step <= first || step > stepsBefore) return [];
      const share = (step - first) / steps;
      return [
        {
          step,
          loss,
          segment,
          objective,
          multiplyAdds: spent + share * multiplyAdds.training + multiplyAdds.encoding,
        },
      ];
    });
  });
}
