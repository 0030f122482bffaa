import { Html, html } from './html.js';
import type { ReportData } from './report-data.js';
import { curvesSection } from './sections/curves-section.js';
import { environmentSection } from './sections/environment-section.js';
import { gatesSection } from './sections/gates-section.js';
import { ledgerSection } from './sections/ledger-section.js';
import { picturesSection } from './sections/pictures-section.js';
import { scoresSection } from './sections/scores-section.js';
import { STYLE } from './style.js';

/**
 * A report of trained models as one HTML file that needs no script, no network and no other file.
 * Charts are drawn where there are scores or losses; Vega is loaded for them alone.
 *
 * @example
 * await writeFile('report.html', await renderReport(data));
 */
export async function renderReport(data: ReportData): Promise<string> {
  const sections = [
    await scoresSection(data),
    await curvesSection(data),
    picturesSection(data),
    gatesSection(data),
    ledgerSection(data),
    environmentSection(data),
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${data.title}</title><style>${new Html(STYLE)}</style></head>
<body><main><header><h1>${data.title}</h1><p class="subtitle">${data.subtitle}</p>
<ul class="findings">${data.findings.map((finding) => html`<li>${finding}</li>`)}</ul></header>
${sections.filter((section) => section !== undefined)}
<footer>Written by ${data.writtenBy}.</footer></main></body></html>
`.text;
}
