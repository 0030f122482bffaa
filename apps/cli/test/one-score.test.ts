import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { encodeBmp } from './solid-picture.js';

const folder = scratchFolder();
const data = join(folder, 'pictures');
const references = join(folder, 'references.json');
const COLOURS = { red: [220, 30, 30], blue: [30, 30, 220] } as const;

/** What people wrote: one sentence three times and another once, so that counting repeats matters. */
const captionsOf = (colour: string, index: number) => [
  `a ${colour} square`,
  `a ${colour} square`,
  `a ${colour} square`,
  `picture number ${index} is ${colour}`,
];

beforeAll(() => {
  mkdirSync(join(data, 'images'), { recursive: true });
  const lines: string[] = [];
  const tested: Record<string, readonly string[]> = {};
  for (let index = 0; index < 84; index++) {
    const colour = index % 2 === 0 ? 'red' : 'blue';
    const image = `${index}.bmp`;
    writeFileSync(join(data, 'images', image), encodeBmp(64, COLOURS[colour]));
    const split = index < 70 ? 'train' : index < 76 ? 'val' : 'test';
    const captions = captionsOf(colour, index);
    lines.push(JSON.stringify({ image, captions, split }));
    if (split === 'test') tested[image] = captions;
  }
  writeFileSync(join(data, 'captions.jsonl'), lines.join('\n'));
  writeFileSync(references, JSON.stringify(tested));
});

interface Compared {
  readonly references: string;
  readonly runs: readonly { readonly name: string; readonly scores: { readonly CIDEr: number } }[];
}

const json = async (...words: string[]) => {
  const { code, out, err } = await eim([...words, '--json']);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};
const ciderOf = ({ runs }: Compared) => runs.find(({ name }) => name === 'eim')!.scores.CIDEr;
const demo = (out: string, steps: number, ...choice: string[]): Promise<Compared> =>
  json('demo', '--data', data, '--steps', String(steps), '--out', out, ...choice);
const compare = (runs: string, out: string, ...choice: string[]): Promise<Compared> =>
  json('compare', join(runs, 'plain'), join(runs, 'eim'), '--out', join(runs, out), ...choice);

test('the same captions get the same CIDEr from demo, compare, eval and score, counted either way', async () => {
  const out = join(folder, 'official');
  const shown = await demo(out, 60);
  /** By `compare`, `eval` and `score`, of the captions that the demo's model writes. */
  const threeWays = async (name: string, ...choice: string[]) => {
    const compared = await compare(out, name, ...choice);
    const evaluated = await json('eval', join(out, 'eim'), ...choice);
    const { captions } = JSON.parse(readFileSync(join(out, 'eim/evaluation-test.json'), 'utf8'));
    const candidates = join(folder, 'candidates.json');
    writeFileSync(candidates, JSON.stringify(captions));
    const files = ['--candidates', candidates, '--references', references];
    const scored = await json('score', 'coco-caption', ...files, ...choice);
    expect(compared.references).toBe(evaluated.references);
    return [ciderOf(compared), evaluated.CIDEr, scored.CIDEr] as const;
  };
  const official = await threeWays('as-official');
  expect(official).toEqual(official.map(() => ciderOf(shown)));
  expect(official[0]).toBeGreaterThan(0);

  const distinct = await threeWays('as-distinct', '--distinct-references');
  expect(distinct).toEqual(distinct.map(() => distinct[0]));
  expect(distinct[0]).not.toBeCloseTo(official[0], 3);

  const other = join(folder, 'distinct');
  const shownDistinct = await demo(other, 60, '--distinct-references');
  const comparedDistinct = await compare(other, 'compared', '--distinct-references');
  expect(shownDistinct.references).toBe('distinct');
  expect(ciderOf(shownDistinct)).toBe(ciderOf(comparedDistinct));
}, 240_000);
