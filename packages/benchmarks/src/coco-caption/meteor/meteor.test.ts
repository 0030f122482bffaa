import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptionSet } from '../caption-set.js';
import { align } from './align.js';
import type { Match, MeteorModule } from './match.js';
import { Meteor } from './meteor.js';
import { readParaphrases } from './read-paraphrases.js';
import { readMeteorResources } from './resources.js';

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '__fixtures__/meteor.json'), 'utf8'));
const bytes = (text: string) => new TextEncoder().encode(text);
const pairs = (table: Record<string, readonly (string | number)[]>) =>
  bytes(
    Object.entries(table)
      .map(([key, values]) => `${key}\n${values.join(' ')}\n`)
      .join(''),
  );
const resources = readMeteorResources(
  new Map([
    ['function/english.words', bytes(fixture.functionWords.join('\n'))],
    ['synonym/english.synsets', pairs(fixture.synsets)],
    ['synonym/english.exceptions', pairs(fixture.exceptions)],
    ['nonbreaking/english.prefixes', bytes('Mr\nDr\nA\nvs\nNo #NUMERIC_ONLY#\n')],
  ]),
  'fixture',
);
const table = fixture.paraphrases.map((pair: string[]) => `0.5\n${pair.join('\n')}\n`).join('');
const readTable = (text: string) => readParaphrases(pieces(bytes(text)));
async function* pieces(all: Uint8Array) {
  for (let start = 0; start < all.length; start += 7) yield all.subarray(start, start + 7);
}
const pictures = fixture.sentences.map(([candidate, references]: [string, string[]]) => ({
  candidate,
  references,
}));
test.each(Object.keys(fixture.scores))('every sentence and the whole as from Java: %s', async (names) => {
  const modules = names.split(' ') as MeteorModule[];
  const meteor = new Meteor({ resources, paraphrases: await readTable(table), modules });
  const { corpus, perPicture } = meteor.score(CaptionSet.ofTokenised(pictures));
  const { sentences, corpus: expected } = fixture.scores[names];
  const wrong = perPicture.filter((score, index) => !(Math.abs(score - sentences[index]) < 1e-12));
  expect(wrong).toEqual([]);
  expect(Math.abs(corpus - expected)).toBeLessThan(1e-12);
});

test('a table gives its phrases in its order, each once, whatever the pieces it comes in', async () => {
  const kept = await readTable('0.1\na b\nc\n0.2\na b\nd é\n0.3\né\na\n0.3\na b\nc\n0.3\né\na');
  const of = (phrase: string) => Array.from(kept.of(kept.node(phrase)));
  expect(of('a b')).toEqual([kept.node('c'), kept.node('d é')]);
  expect(of('é')).toEqual([kept.node('a')]);
  expect(of('a')).toEqual([]);
  expect(kept.node('b')).toBe(-1);
  expect(kept.node('d a')).toBe(-1);
});

test('a folder without its word lists is refused by their names', () => {
  const files = new Map([['english.words', bytes('the')]]);
  expect(() => readMeteorResources(files, 'here')).toThrow(EimError);
  expect(() => readMeteorResources(files, 'here')).toThrow(
    /here lacks .*english\.synsets, english\.exceptions/,
  );
});

test('an alignment uses every word once at most, whatever the matches', () => {
  const anyMatch = fc.record({
    module: fc.nat(3),
    hypothesisStart: fc.nat(6),
    hypothesisLength: fc.integer({ min: 1, max: 2 }),
    referenceLength: fc.integer({ min: 1, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(anyMatch, { maxLength: 4 }), { maxLength: 7 }), (rows) => {
      const candidates = rows.map((row, referenceStart) =>
        row
          .map((match): Match => ({ ...match, referenceStart }))
          .filter(({ referenceLength }) => referenceStart + referenceLength <= rows.length),
      );
      const alignment = align(candidates, 8);
      const covered = (
        start: 'hypothesisStart' | 'referenceStart',
        length: 'hypothesisLength' | 'referenceLength',
      ) =>
        alignment.flatMap((match) => Array.from({ length: match[length] }, (_, word) => match[start] + word));
      for (const list of [
        covered('hypothesisStart', 'hypothesisLength'),
        covered('referenceStart', 'referenceLength'),
      ]) {
        expect(new Set(list).size).toBe(list.length);
      }
    }),
  );
});

const data = join(
  resolve(import.meta.dirname, '../../../../..', process.env.EIM_DATA ?? '../shared/data'),
  'coco-caption',
);
const skipped = !existsSync(data);
const why = skipped ? ` (skipped: no ${data})` : '';

test.skipIf(skipped).each([
  ['exact', ['exact']],
  ['exact_stem', ['exact', 'stem']],
  ['exact_stem_synonym', ['exact', 'stem', 'synonym']],
] as [string, MeteorModule[]][])(
  `the 1,000 candidates, every sentence and the whole: %s${why}`,
  (name, modules) => {
    const folder = join(data, 'meteor-resources');
    const real = readMeteorResources(
      new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))] as const)),
      folder,
    );
    const readJson = (file: string) => JSON.parse(readFileSync(join(data, file), 'utf8'));
    const entries: { image_id: number; test: string; refs: string[] }[] = readJson(
      'fakecap_1000_tokenized_refs_spice_input.json',
    );
    const expected = readJson(`meteor15_noparaphrase_${name}.json`);
    const { corpus, perPicture } = new Meteor({ resources: real, modules }).score(
      CaptionSet.ofTokenised(entries.map(({ test: candidate, refs }) => ({ candidate, references: refs }))),
    );
    const wrong = entries.filter(
      ({ image_id: id }, index) => !(Math.abs(perPicture[index]! - expected.segment_scores[id]) < 1e-9),
    );
    expect(wrong).toEqual([]);
    expect(Math.abs(corpus - expected.corpus_score)).toBeLessThan(1e-9);
  },
);
