import { runColour } from '../charts/run-colours.js';
import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';

/** Held-out pictures with what people and the models say of them. */
export function picturesSection({ pictures, runs }: ReportData): Html | undefined {
  if (pictures.length === 0) return undefined;
  return html`<section id="pictures"><h2>Held-out pictures</h2>
<p class="lead">${pictures.length} pictures that no training saw, drawn by seed: not chosen by hand.</p>
<div class="pictures">${pictures.map(
    ({
      id,
      dataUri,
      references,
      captions,
    }) => html`<figure><img src="${dataUri}" alt="${references[0]}" title="${id}"${dataUri.length < 12_000 ? html` class="small"` : undefined}>
<figcaption><dl><dt>reference</dt><dd title="${references.join('\n')}">${references[0]}</dd>${runs.map(
      ({ name }, i) =>
        captions[name] === undefined
          ? undefined
          : html`<dt><span class="dot" style="background:${runColour(runs.length === 1 ? 1 : i)}"></span>${name}</dt><dd>${captions[name]}</dd>`,
    )}</dl></figcaption></figure>
`,
  )}</div></section>`;
}
