import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { createMeteor, openMeteor } from './open-meteor.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-meteor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = (text: string) => new TextEncoder().encode(text);
const LISTS = {
  'function/english.words': bytes('a\nthe\n'),
  'synonym/english.synsets': bytes('dog\n00000001\nhound\n00000001\n'),
  'synonym/english.exceptions': bytes('foot\nfeet\n'),
  'META-INF/MANIFEST.MF': bytes('x'),
};
const table = gzipSync('0.5\nbig dog\nhound\n'.repeat(1000));
const pictures = [{ candidate: 'the big dog', references: ['the hound'] }];
const place = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

test('a jar, its folder and a folder of lists give the same, with the table beside them', async () => {
  const jarFolder = place('jar');
  const jar = join(jarFolder, 'meteor-1.5.jar');
  writeFileSync(jar, zipSync(LISTS));
  mkdirSync(join(jarFolder, 'data'));
  writeFileSync(join(jarFolder, 'data/paraphrase-en.gz'), table);
  const lists = place('lists');
  for (const [name, contents] of Object.entries(LISTS)) {
    writeFileSync(join(lists, name.replaceAll('/', '-').replace(/^.*-english/, 'english')), contents);
  }
  writeFileSync(join(lists, 'paraphrase-en.gz'), table);
  for (const path of [jar, jarFolder, lists]) {
    const files = await openMeteor(path);
    expect(files.paraphraseFile).toContain('paraphrase-en.gz');
    expect((await createMeteor(files)).sentence(pictures[0]!).statistics).toMatchObject({
      hypothesisMatches: 3,
      referenceMatches: 2,
    });
    const words = await createMeteor(files, { modules: ['exact', 'synonym'] });
    expect(words.sentence(pictures[0]!).statistics).toMatchObject({ hypothesisMatches: 2 });
  }
});

test('a jar or a table that was cut off is refused by its name', async () => {
  const cut = place('cut');
  const jar = join(cut, 'meteor-1.5.jar');
  writeFileSync(jar, zipSync(LISTS).subarray(0, 200));
  await expect(openMeteor(jar)).rejects.toThrow(/meteor-1\.5\.jar cannot be read as a jar/);
  writeFileSync(jar, zipSync(LISTS));
  writeFileSync(join(cut, 'paraphrase-en.gz'), table.subarray(0, table.length - 12));
  const files = await openMeteor(jar);
  await expect(createMeteor(files)).rejects.toThrow(/paraphrase-en\.gz cannot be read as METEOR's table/);
  await expect(openMeteor(join(cut, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
