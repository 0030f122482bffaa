import { type Html, html } from '../html.js';
import { keptText } from '../kept-text.js';
import type { ReportData, ReportGate } from '../report-data.js';

/** What each gate measured, and whether its segment stayed. */
export function gatesSection({ runs }: ReportData): Html | undefined {
  const rows = runs.flatMap(({ name, gates }) => gates.map((gate) => ({ name, ...gate })));
  if (rows.length === 0) return undefined;
  return html`<section id="gates"><h2>Gates</h2>
<p class="lead">A gate measures a held-out metric before and after its segment. Worse by more than the tolerance, or, where one is given, not better by more than the standard error of the mean difference between the same pictures: the weights go back to where the segment began.</p>
<div class="scroll"><table><thead><tr><th scope="col">segment</th><th scope="col">metric</th><th scope="col">before</th><th scope="col">after</th><th scope="col">needed</th><th scope="col">verdict</th></tr></thead><tbody>
${rows.map(
  (
    gate,
  ) => html`<tr><th scope="row">${gate.name} · ${gate.segment}</th><td>${gate.metric} on ${gate.split}</td><td>${gate.before.toFixed(4)}</td><td>${gate.after.toFixed(4)}</td><td>${neededBy(gate)}</td><td class="${gate.kept ? 'kept' : 'rolled-back'}">${gate.kept ? `✓ ${keptText(gate)}` : '↩ rolled back'}</td></tr>
`,
)}</tbody></table></div></section>`;
}

/** What the gate asks for, in words. */
const neededBy = ({ tolerance, paired }: ReportGate): string =>
  paired
    ? `better by more than ${paired.standardError.toFixed(4)} (gain ${paired.gain.toFixed(4)}, ${paired.count} pictures)`
    : `worse by at most ${tolerance}`;
