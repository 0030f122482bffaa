import type { LossPoint } from '../report-data.js';
import { vegaSvg } from './vega-svg.js';

export interface LossLine {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly LossPoint[];
}

/** Greatest number of points in one line; more would only make the file larger. */
const MOST_POINTS = 400;

/** Loss over training compute: the raw values faint, their moving average strong. */
export function lossChart(
  title: string,
  lines: readonly LossLine[],
  { width, height }: { readonly width: number; readonly height: number },
): Promise<string> {
  const values = lines.flatMap(({ name, points }) => chartRows(name, points));
  const domain = lines.map(({ name }) => name);
  const range = lines.map(({ colour }) => colour);
  const colour = {
    field: 'run',
    type: 'nominal' as const,
    scale: { domain, range },
    legend: lines.length < 2 ? null : { symbolOpacity: 1, symbolStrokeWidth: 3 },
  };
  const x = {
    field: 'compute',
    type: 'quantitative' as const,
    title: 'training compute (10⁹ multiply-adds)',
    axis: { grid: false, tickCount: 6 },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: null,
    scale: { zero: false },
    axis: { tickCount: 5 },
  });
  return vegaSvg({
    title,
    width,
    height,
    data: { values },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1, opacity: 0.25 },
        encoding: { x, y: y('loss'), color: colour, detail: detail() },
      },
      {
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: { x, y: y('smooth'), color: colour, detail: detail() },
      },
    ],
  });
}

/** Segments of one run are separate lines: nothing was trained on the way from one to the other. */
function detail() {
  return { field: 'segment', type: 'nominal' as const };
}

function chartRows(run: string, points: readonly LossPoint[]) {
  const segments = new Map<string, LossPoint[]>();
  for (const point of points) segments.set(point.segment, [...(segments.get(point.segment) ?? []), point]);
  return [...segments.values()].flatMap((own) => {
    const smoothed = smooth(
      own.map(({ loss }) => loss),
      Math.max(3, Math.round(own.length / 12)),
    );
    const stride = Math.ceil(own.length / MOST_POINTS);
    return own
      .map((point, i) => ({
        run,
        segment: point.segment,
        compute: point.multiplyAdds / 1e9,
        loss: point.loss,
        smooth: smoothed[i]!,
      }))
      .filter((_, i) => i % stride === 0 || i === own.length - 1);
  });
}

/** Moving average over a centred window, narrower at the ends. */
export function smooth(values: readonly number[], window: number): number[] {
  const half = Math.floor(window / 2);
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, index) => {
    const reach = Math.min(half, index, values.length - 1 - index);
    return (sums[index + reach + 1]! - sums[index - reach]!) / (2 * reach + 1);
  });
}
