import type { TopLevelSpec } from 'vega-lite';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** A vega-lite chart as inline SVG, drawn without canvas or browser. */
export async function vegaSvg(spec: TopLevelSpec): Promise<string> {
  // Loaded late: they are large, and most programs that import this package draw no chart.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = compile({
    ...spec,
    background: 'transparent',
    config: {
      font: FONT,
      view: { stroke: null },
      axis: {
        gridColor: '#e8eaee',
        domainColor: '#c9ced6',
        tickColor: '#c9ced6',
        labelColor: '#5b6472',
        titleColor: '#5b6472',
        titleFontWeight: 'normal',
        labelFontSize: 12,
        titleFontSize: 12,
      },
      legend: {
        labelFontSize: 13,
        labelColor: '#1f2733',
        title: null,
        orient: 'top',
        symbolStrokeWidth: 3,
        labelLimit: 240,
      },
      title: { fontSize: 14, fontWeight: 600, color: '#1f2733', anchor: 'start' },
    },
  });
  const view = new View(parse(compiled), { renderer: 'none' });
  try {
    return (await view.toSVG()).replace('<svg ', '<svg role="img" ');
  } finally {
    view.finalize();
  }
}
