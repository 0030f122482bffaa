import { vegaSvg } from './vega-svg.js';

export interface ScoreBar {
  readonly name: string;
  readonly value: number;
  readonly colour: string;
}

/** One metric of runs and baselines as bars, in the order given. */
export function scoreChart(metric: string, bars: readonly ScoreBar[], width: number): Promise<string> {
  const y = { field: 'name', type: 'nominal' as const, sort: null, title: null };
  const x = { field: 'value', type: 'quantitative' as const, title: metric, axis: { tickCount: 5 } };
  return vegaSvg({
    width,
    height: { step: 30 },
    data: { values: bars.map(({ name, value, colour }) => ({ name, value, colour })) },
    encoding: { y: { ...y, axis: { ticks: false, domain: false, labelPadding: 8, labelLimit: 260 } }, x },
    layer: [
      {
        mark: { type: 'bar', height: 16, cornerRadiusEnd: 3 },
        encoding: { color: { field: 'colour', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 12, color: '#1f2733' },
        encoding: { text: { field: 'value', type: 'quantitative', format: '.3f' } },
      },
    ],
  });
}
