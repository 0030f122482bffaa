import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';

/** The section with what is needed to repeat the run. */
export function environmentSection({ environment, notes }: ReportData): Html {
  return html`<section id="environment"><h2>How it was made</h2>
<dl class="facts">${environment.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}</section>`;
}
