import type { BenchmarkScores } from '@eim/contracts';
import { type Html, html, Html as RawHtml } from './html.js';
import { STYLE } from './style.js';

/** One item of a benchmark with the model's answer. */
export interface BenchmarkReportItem {
  readonly id: string;
  /** `data:image/png;base64,...`, as `pictureDataUri` makes it; absent where the item has no picture. */
  readonly dataUri?: string;
  /** What the model was asked; empty for captioning. */
  readonly prompt: string;
  /** What it answered. */
  readonly text: string;
  /** The right answer in words; empty if the benchmark does not give it. */
  readonly expected: string;
}

/** Everything that the report of a benchmark shows. */
export interface BenchmarkReportData {
  readonly title: string;
  readonly subtitle: string;
  readonly scores: BenchmarkScores;
  readonly worst: readonly BenchmarkReportItem[];
  readonly best: readonly BenchmarkReportItem[];
  /** Everything that is needed to repeat the evaluation; printed as JSON. */
  readonly manifest: object;
  /** Program and version that wrote it, for the foot of the page: `eim 0.1.0`. */
  readonly writtenBy: string;
}

/** The greatest number of items shown as the worst, and as the best. */
const SHOWN = 12;

/**
 * The worst and the best items of a benchmark, at most twelve of each; among equals, the first ones.
 * @param items `rank` is higher for better ones; an item without one is in neither list
 */
export function extremes<Item extends { readonly rank: number | undefined }>(
  items: readonly Item[],
): { worst: Item[]; best: Item[] } {
  const ranked = items.filter(({ rank }) => rank !== undefined);
  const count = Math.min(SHOWN, Math.floor(ranked.length / 2));
  const rising = ranked.toSorted((left, right) => left.rank! - right.rank!);
  const falling = ranked.toSorted((left, right) => right.rank! - left.rank!);
  return { worst: rising.slice(0, count), best: falling.slice(0, count) };
}

/** The report of a benchmark in Markdown, without pictures. */
export function renderBenchmarkMarkdown({
  title,
  subtitle,
  scores,
  worst,
  best,
  manifest,
}: Omit<BenchmarkReportData, 'writtenBy'>): string {
  const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const table = (heading: string, items: readonly BenchmarkReportItem[]) =>
    items.length === 0
      ? []
      : [
          `## ${heading}`,
          '| item | answer | expected |\n|---|---|---|',
          ...items.map(({ id, text, expected }) => `| ${cell(id)} | ${cell(text)} | ${cell(expected)} |`),
          '',
        ];
  return [
    `# ${title}`,
    '',
    `${subtitle}.`,
    '',
    '| score | value |\n|---|---|',
    ...scoreRows(scores).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
    '',
    ...table('Worst', worst),
    ...table('Best', best),
    '## How it was made',
    '',
    '```json',
    JSON.stringify(manifest, undefined, 2),
    '```',
    '',
  ].join('\n');
}

/** The report of a benchmark as one HTML file that needs no script, no network and no other file. */
export function renderBenchmarkReport({
  title,
  subtitle,
  scores,
  worst,
  best,
  manifest,
  writtenBy,
}: BenchmarkReportData): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new RawHtml(STYLE)}</style></head>
<body><main><header><h1>${title}</h1>
<p class="subtitle">${subtitle}</p></header>
<section id="scores"><h2>Scores</h2><div class="scroll"><table><tbody>${scoreRows(scores).map(
    ([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div></section>
${itemsSection('worst', 'Worst', worst)}${itemsSection('best', 'Best', best)}
<section id="manifest"><h2>How it was made</h2><pre class="scroll">${JSON.stringify(manifest, undefined, 2)}</pre></section>
<footer>Written by ${writtenBy}.</footer></main></body></html>
`.text;
}

function itemsSection(id: string, heading: string, items: readonly BenchmarkReportItem[]): Html | undefined {
  if (items.length === 0) return undefined;
  return html`<section id="${id}"><h2>${heading}</h2><div class="pictures">${items.map(figure)}</div></section>`;
}

function figure({ id, dataUri, prompt, text, expected }: BenchmarkReportItem): Html {
  return html`<figure>${dataUri !== undefined && html`<img src="${dataUri}" alt="${id}" title="${id}">`}
<figcaption><dl>${prompt !== '' && html`<dt>asked</dt><dd>${prompt}</dd>`}<dt>answer</dt><dd>${text}</dd>
<dt>expected</dt><dd>${expected}</dd></dl></figcaption></figure>
`;
}

/**
 * Scores as rows of name and value, for a table; scores of a part begin with the part's name.
 * @param before the name of the part that the scores are of; empty for the whole
 */
export function scoreRows(scores: BenchmarkScores, before = ''): [string, string][] {
  return Object.entries(scores).flatMap(([name, value]): [string, string][] => {
    const label = before === '' ? name : `${before} ${name}`;
    if (typeof value === 'object') return scoreRows(value, label);
    if (typeof value === 'string') return [[label, value]];
    return [[label, Number.isInteger(value) ? String(value) : value.toFixed(4)]];
  });
}
