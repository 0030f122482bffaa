// ScienceQA's questions from several uploads as one folder: node tools/scienceqa-rows.mjs --from DIR --out DIR
// DIR holds lists of questions (sqa_train_images.json, sqa_val_images.json, sqa_test_4241.json), pid_splits.json, img224/, and
// thinksqa_problems.json, an upload in the official form that is cut off at its end. From that come the hints of picture questions in
// the training split, and the questions of that split without a picture, whole; its other rows are left out, and so are the lectures
// and solutions of picture questions, which were rewritten. `eim train` and `eim eval --benchmark scienceqa` read what is written.
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * The whole entries of a JSON object whose text may be cut off.
 * @param {string} text
 * @returns {Record<string, any>}
 */
export function wholeEntries(text) {
  let [depth, quoted, end] = [0, false, text.indexOf('{') + 1];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 1) end = at + 1;
    }
  }
  return JSON.parse(`${text.slice(0, end)}}`);
}

/**
 * @param {readonly any[]} pictured questions of the training split with a picture
 * @param {Record<string, any>} official whole entries by pid
 * @param {readonly string[]} train pids of the training split
 */
export function joinRows(pictured, official, train) {
  const inTrain = new Set(train.map(String));
  const withHints = pictured.map((row) => {
    const hint = official[row.pid]?.hint;
    return hint === undefined ? row : { ...row, hint };
  });
  const texts = Object.entries(official)
    .filter(([pid, { image }]) => inTrain.has(pid) && image === null)
    .map(([pid, { question, choices, answer, hint, subject, grade, topic, lecture, solution }]) => ({
      ...{ pid, split: 'train', question, choices, answer, hint },
      ...{ subject, grade, topic, lecture, solution },
    }));
  return { withHints, texts };
}

async function main() {
  const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } });
  if (!values.from || !values.out) throw new Error('Write --from DIR --out DIR.');
  const [from, out] = [resolve(values.from), resolve(values.out)];
  const read = async (name) => JSON.parse(await readFile(join(from, name), 'utf8'));
  const splits = await read('pid_splits.json');
  const official = wholeEntries(await readFile(join(from, 'thinksqa_problems.json'), 'utf8'));
  const { withHints, texts } = joinRows(await read('sqa_train_images.json'), official, splits.train);
  await mkdir(out, { recursive: false });
  const write = (name, rows) => writeFile(join(out, name), `${JSON.stringify(rows)}\n`);
  await write('sqa_train_images.json', withHints);
  await write('sqa_train_text.json', texts);
  for (const name of ['sqa_val_images.json', 'sqa_test_4241.json', 'pid_splits.json'])
    await copyFile(join(from, name), join(out, name));
  await symlink(join(from, 'img224'), join(out, 'img224'), 'dir');
  const hinted = withHints.filter(({ hint }) => hint).length;
  console.log(
    `${withHints.length} picture questions, ${hinted} with a hint; ${texts.length} of text: ${out}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
