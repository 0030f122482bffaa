import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type CaptionScores, scoreCaptions } from './score-captions.js';
import { scoreCocoCaption } from './score-coco-caption.js';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const root = resolve(import.meta.dirname, '../../../..');
const data = join(resolve(root, process.env.EIM_DATA ?? '../shared/data'), 'coco-caption');
const skipped = !existsSync(data);
const why = skipped ? ` (skipped: no ${data})` : '';
const fixture = readJson(join(import.meta.dirname, '__fixtures__/scores.json'));

function expectClose(actual: CaptionScores, expected: CaptionScores, label: string): void {
  for (const [name, value] of Object.entries(expected)) {
    const difference = Math.abs(actual[name as keyof CaptionScores]! - value);
    expect(difference, `${label} ${name}`).toBeLessThan(1e-12);
  }
}

test.each(['whole', 'one', 'two'])(
  'made-up set "%s": every score as from pycocoevalcap, each picture too',
  (name) => {
    const { ids, corpus, perPicture } = fixture.scores[name];
    const report = scoreCaptions(
      ids.map((id: string) => ({ candidate: fixture.candidates[id], references: fixture.references[id] })),
      { pretokenized: true },
    );
    expectClose(report.corpus, corpus, name);
    for (const [index, scores] of perPicture.entries()) {
      expectClose(report.perPicture[index]!, scores, `${name} ${ids[index]}`);
    }
  },
);

test('one picture by itself has CIDEr 0', () => {
  expect(fixture.scores.one.corpus.CIDEr).toBe(0);
  expect(scoreCaptions([{ candidate: 'a cat', references: ['a cat'] }]).corpus.CIDEr).toBe(0);
});

test.skipIf(skipped)(`the published scores of the 1,000 candidates, to all digits${why}`, () => {
  const result = scoreCocoCaption({
    candidates: { file: 'results', json: readJson(join(data, 'captions_val2014_fakecap_results.json')) },
    references: { file: 'refs', json: readJson(join(data, 'fakecap_1000_tokenized_refs_spice_input.json')) },
    pretokenized: true,
  });
  const printed = [result.Bleu_1, result.Bleu_2, result.Bleu_3, result.Bleu_4, result.ROUGE_L, result.CIDEr];
  expect(printed.map((score) => score.toFixed(4))).toEqual([
    '0.5794',
    '0.4044',
    '0.2785',
    '0.1908',
    '0.3963',
    '0.5998',
  ]);
  expect(result).toMatchObject({ images: 1_000, candidates: 1_000, referencesPerImage: { min: 5, max: 6 } });
  expect(result.referencesPerImage.mean).toBeCloseTo(5.005, 12);
});

test.skipIf(skipped)(`the published counts of the 1,000 candidates${why}`, () => {
  const entries: { test: string; refs: string[] }[] = readJson(
    join(data, 'fakecap_1000_tokenized_refs_spice_input.json'),
  );
  const pictures = entries.map((entry) => ({ candidate: entry.test, references: entry.refs }));
  expect(scoreCaptions(pictures, { pretokenized: true }).bleuCounts).toEqual({
    guess: [9893, 8893, 7893, 6893],
    correct: [5732, 2510, 1043, 423],
    candidateLength: 9893,
    referenceLength: 9855,
  });
});
