import { formatCount } from '../format/format-number.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportRun } from '../report-data.js';

type PartName = 'encoder' | 'st' | 'llm';

const PARTS: readonly (readonly [PartName, string])[] = [
  ['encoder', 'Image encoder'],
  ['st', 'ST'],
  ['llm', 'LLM'],
];

/** Parameters of each part: those that the model holds, those that each segment trained, and those that exist during training alone. */
export function ledgerSection({ runs }: ReportData): Html {
  return html`<section id="ledger"><h2>Parameters</h2>
<p class="lead">Training adds nothing to the model: what it holds for inference is the same after every plan.</p>
${runs.map(ledgerTable)}</section>`;
}

function ledgerTable({ name, ledger: { parts, total }, losses }: ReportRun): Html {
  // The segments in the order of the plan, which the keys of the ledger do not give.
  const inOrder = losses.map(({ segment }) => segment);
  const named = PARTS.flatMap(([part]) => Object.keys(parts[part].trainable));
  const segments = [...new Set([...inOrder, ...named])];
  const sum = (value: (part: PartName) => number) =>
    formatCount(PARTS.reduce((all, [part]) => all + value(part), 0));
  return html`<div class="scroll"><table><thead><tr><th scope="col">${name}</th><th scope="col">inference</th>${segments.map(
    (segment) => html`<th scope="col">learns in ${segment}</th>`,
  )}<th scope="col">during training alone</th></tr></thead><tbody>
${PARTS.map(
  ([
    part,
    title,
  ]) => html`<tr><th scope="row">${title}</th><td>${formatCount(parts[part].inference)}</td>${segments.map(
    (segment) => html`<td>${count(parts[part].trainable[segment])}</td>`,
  )}<td>${count(parts[part].trainOnly)}</td></tr>
`,
)}<tr class="total"><th scope="row">Total</th><td>${formatCount(total)}</td>${segments.map(
    (segment) => html`<td>${sum((part) => parts[part].trainable[segment] ?? 0)}</td>`,
  )}<td>${sum((part) => parts[part].trainOnly)}</td></tr></tbody></table></div>`;
}

function count(value: number | undefined): string {
  return value ? formatCount(value) : '–';
}
