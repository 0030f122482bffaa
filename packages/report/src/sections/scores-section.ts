import { runColour } from '../charts/run-colours.js';
import { scoreChart } from '../charts/score-chart.js';
import { formatCount, formatDuration, formatLarge, formatP } from '../format/format-number.js';
import { Html, html } from '../html.js';
import type { ReportData, ReportScores } from '../report-data.js';

const METRICS = ['Bleu_1', 'Bleu_2', 'Bleu_3', 'Bleu_4', 'ROUGE_L', 'CIDEr'] as const;
type Metric = (typeof METRICS)[number];
/** The table of scores of runs and baselines, and CIDEr as bars. */
export async function scoresSection({ runs, baselines, comparisons }: ReportData): Promise<Html | undefined> {
  const scored = runs.filter(({ scores }) => scores !== undefined);
  if (scored.length === 0) return undefined;
  const bars = [
    ...runs.flatMap(({ name, scores }, i) =>
      scores ? [{ name, value: scores.CIDEr ?? 0, colour: runColour(runs.length === 1 ? 1 : i) }] : [],
    ),
    ...baselines.map(({ name, scores }) => ({ name, value: scores.CIDEr ?? 0, colour: '#d4d8df' })),
  ];
  return html`<section id="scores"><h2>Scores on held-out pictures</h2>
<p class="lead">The official COCO Caption metrics, as fractions. The best of the trained models is bold; grey lines are no model of this run.</p>
<div class="scroll"><table><thead><tr><th scope="col"></th>${METRICS.map((metric) => html`<th scope="col">${label(metric)}</th>`)}<th scope="col">steps</th><th scope="col">multiply-adds</th><th scope="col">time</th></tr></thead><tbody>
${runs.map(
  (
    { name, scores, steps, multiplyAdds, seconds },
    i,
  ) => html`<tr><th scope="row"><span class="dot" style="background:${runColour(runs.length === 1 ? 1 : i)}"></span>${name}</th>${METRICS.map((metric) => scoreCell(metric, scores, scored.length > 1 ? best(metric, scored) : undefined))}<td>${formatCount(steps)}</td><td>${formatLarge(multiplyAdds)}</td><td>${formatDuration(seconds)}</td></tr>
`,
)}${baselines.map(
  ({
    name,
    explanation,
    scores,
  }) => html`<tr class="baseline"><th scope="row">${name}<small>${explanation}</small></th>${METRICS.map((metric) => scoreCell(metric, scores))}<td></td><td></td><td></td></tr>
`,
)}</tbody></table></div>
<div class="chart">${new Html(await scoreChart('CIDEr', bars, 620))}</div>
${
  comparisons.length > 0 &&
  html`<ul class="compared">${comparisons.map(
    ({ better, than, metric, difference, pValue, oneSidedPValue }) =>
      html`<li><b>${better}</b> against <b>${than}</b>: ${metric} ${signed(difference)}, paired bootstrap p ${formatP(pValue)} (one-sided ${formatP(oneSidedPValue)}).</li>`,
  )}</ul>`
}</section>`;
}

function label(metric: string): string {
  return metric.replace('_', '-').replace('Bleu', 'BLEU');
}

function scoreCell(metric: Metric, scores: ReportScores | undefined, best?: number): Html {
  const value = scores?.[metric];
  if (value === undefined) return html`<td>–</td>`;
  return value === best
    ? html`<td class="best">${value.toFixed(3)}</td>`
    : html`<td>${value.toFixed(3)}</td>`;
}

function best(metric: Metric, runs: readonly { readonly scores?: ReportScores }[]): number {
  return Math.max(...runs.map(({ scores }) => scores?.[metric] ?? Number.NEGATIVE_INFINITY));
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;
}
