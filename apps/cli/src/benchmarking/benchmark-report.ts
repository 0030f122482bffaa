import { readFile } from 'node:fs/promises';
import { decodePicture } from '@eim/images/node';
import { type Html, html, Html as RawHtml } from '../report/html.js';
import { pictureDataUri } from '../report/picture-data-uri.js';
import { STYLE } from '../report/style.js';
import { VERSION } from '../version.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';
import type { ScoredAnswers, ScoredItem } from './score-answers.js';
import { scoreRows } from './scores-text.js';

/** Items shown as the worst, and as the best. */
const SHOWN = 12;

/** The worst and the best items, by the benchmark's own ranking; of equals those that come first. */
export function extremes(items: readonly ScoredItem[]): { worst: ScoredItem[]; best: ScoredItem[] } {
  const ranked = items.filter(({ rank }) => rank !== undefined);
  const count = Math.min(SHOWN, Math.floor(ranked.length / 2));
  const rising = ranked.toSorted((left, right) => left.rank! - right.rank!);
  const falling = ranked.toSorted((left, right) => right.rank! - left.rank!);
  return { worst: rising.slice(0, count), best: falling.slice(0, count) };
}

export function renderMarkdown(manifest: BenchmarkManifest, scored: ScoredAnswers): string {
  const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const { worst, best } = extremes(scored.items);
  const table = (title: string, items: readonly ScoredItem[]) =>
    items.length === 0
      ? []
      : [
          `## ${title}`,
          '| item | answer | expected |\n|---|---|---|',
          ...items.map(({ id, text, expected }) => `| ${cell(id)} | ${cell(text)} | ${cell(expected)} |`),
          '',
        ];
  return [
    `# ${manifest.benchmark}`,
    '',
    `${manifest.model.run}, ${scored.items.length} items.`,
    '',
    '| score | value |\n|---|---|',
    ...scoreRows(scored.scores).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
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

/** One file that needs no script, no network and no other file. */
export async function renderHtml(manifest: BenchmarkManifest, scored: ScoredAnswers): Promise<string> {
  const { worst, best } = extremes(scored.items);
  const rows = scoreRows(scored.scores);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${manifest.benchmark}</title><style>${new RawHtml(STYLE)}</style></head>
<body><main><header><h1>${manifest.benchmark}</h1>
<p class="subtitle">${manifest.model.run}, ${scored.items.length} items</p></header>
<section id="scores"><h2>Scores</h2><div class="scroll"><table><tbody>${rows.map(
    ([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div></section>
${await itemsSection('worst', 'Worst', worst)}${await itemsSection('best', 'Best', best)}
<section id="manifest"><h2>How it was made</h2><pre class="scroll">${JSON.stringify(manifest, undefined, 2)}</pre></section>
<footer>Written by eim ${VERSION}.</footer></main></body></html>
`.text;
}

async function itemsSection(
  id: string,
  title: string,
  items: readonly ScoredItem[],
): Promise<Html | undefined> {
  if (items.length === 0) return undefined;
  const figures = await Promise.all(items.map(figure));
  return html`<section id="${id}"><h2>${title}</h2><div class="pictures">${figures}</div></section>`;
}

async function figure({ id, picture, prompt, text, expected }: ScoredItem): Promise<Html> {
  const uri =
    picture === undefined ? undefined : pictureDataUri(await decodePicture(await readFile(picture), picture));
  return html`<figure>${uri !== undefined && html`<img src="${uri}" alt="${id}" title="${id}">`}
<figcaption><dl>${prompt !== '' && html`<dt>asked</dt><dd>${prompt}</dd>`}<dt>answer</dt><dd>${text}</dd>
<dt>expected</dt><dd>${expected}</dd></dl></figcaption></figure>
`;
}
