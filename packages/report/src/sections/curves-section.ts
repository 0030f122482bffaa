import { type LossLine, lossChart } from '../charts/loss-chart.js';
import { runColour } from '../charts/run-colours.js';
import { Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';

const NAMES: Readonly<Record<string, string>> = {
  caption: 'Caption loss (nats per token)',
  language: 'Language loss (nats per token)',
  contrastive: 'Contrastive loss',
  'embedding-alignment': 'Alignment loss',
};

/** One chart for each objective, all runs in it. The captions' own is the largest and comes first. */
export async function curvesSection({ runs }: ReportData): Promise<Html | undefined> {
  const objectives = [...new Set(runs.flatMap(({ losses }) => losses.map(({ objective }) => objective)))];
  objectives.sort((a, b) => Number(b === 'caption') - Number(a === 'caption'));
  if (objectives.length === 0) return undefined;
  const charts = await Promise.all(
    objectives.map((objective, index) => {
      const lines = runs.flatMap(({ name, losses }, i): LossLine[] => {
        const points = losses.filter((point) => point.objective === objective);
        return points.length === 0 ? [] : [{ name, colour: runColour(runs.length === 1 ? 1 : i), points }];
      });
      const size = index === 0 ? { width: 920, height: 280 } : { width: 236, height: 150 };
      return lossChart(NAMES[objective] ?? objective, lines, size);
    }),
  );
  return html`<section id="curves"><h2>Training</h2>
<p class="lead">Each loss over the multiply-adds spent so far, so that equal positions are equal budgets. Faint: every value logged; strong: moving average. Where a segment smooths its labels, its loss lies higher for the same captions.</p>
<div class="charts">${charts.map((svg) => html`<div>${new Html(svg)}</div>`)}</div></section>`;
}
