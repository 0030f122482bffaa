import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import benchmarks from '@eim/benchmarks';
import type { Dataset, Row, Tokenizer } from '@eim/contracts';
import { rowTokens } from '@eim/core/training';
import { lavinPresets } from '@eim/st-adapters';
import { openTokenizer } from '@eim/tokenizers/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_DATA } from '../run-eim.js';
import { folder, isWithout, readJson } from './lavin-set.js';

interface PromptRow {
  readonly pid: string;
  readonly prompt: string;
  readonly answer: string;
  readonly indicator: number;
  readonly length: number;
  readonly truncated: boolean;
  readonly example: readonly number[];
  readonly label_from: number;
  readonly labels: readonly number[];
}
interface Prompts {
  readonly problems: Readonly<Record<string, { readonly image: string | null }>>;
  readonly captions: Readonly<Record<string, string>>;
  readonly prefix_img: readonly number[];
  readonly prefix_nonimg: readonly number[];
  readonly runs: readonly {
    readonly prompt_format: string;
    readonly use_caption: boolean;
    readonly rows: readonly PromptRow[];
  }[];
}

const tokenizerFile = join(SHARED_DATA, 'tokenizers', 'llama2_tokenizer.model');
const prompts = isWithout('prompts.json', 'picture.png') ? undefined : readJson<Prompts>('prompts.json');

describe.skipIf(!prompts)('ScienceQA as LaVIN puts it', () => {
  let data: string;
  let tokenizer: Tokenizer | undefined;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'eim-lavin-'));
    const problems = Object.fromEntries(
      Object.entries(prompts!.problems).map(([id, problem]) => [id, { split: 'train', ...problem }]),
    );
    await writeFile(join(data, 'problems.json'), JSON.stringify(problems));
    await writeFile(join(data, 'pid_splits.json'), JSON.stringify({ train: Object.keys(problems) }));
    await writeFile(join(data, 'captions.json'), JSON.stringify({ captions: prompts!.captions }));
    for (const [id, { image }] of Object.entries(prompts!.problems)) {
      if (!image) continue;
      await mkdir(join(data, 'train', id), { recursive: true });
      await cp(join(folder, 'picture.png'), join(data, 'train', id, image));
    }
    if (existsSync(tokenizerFile)) tokenizer = await openTokenizer(tokenizerFile);
  });
  afterAll(() => rm(data, { recursive: true }));

  async function rowsOf(format: string, useCaption: boolean): Promise<ReadonlyMap<string, Row>> {
    const { scienceqa } = benchmarks.datasets;
    const options = { path: data, prompt: `LaVIN-${format}`, caption: useCaption ? 'yes' : 'no' };
    const parsed = scienceqa.optionsSchema.safeParse(options);
    if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
    const dataset: Dataset = await scienceqa.create(parsed.data, {});
    return new Map(dataset.split('train').map((row) => [row.id, row]));
  }

  test('words before the text', ({ skip }) => {
    skip(!tokenizer, `${tokenizerFile} is not there`);
    const { pictureWords, textWords } = lavinPresets['7b'];
    expect(tokenizer!.encode(pictureWords)).toEqual(prompts!.prefix_img);
    expect(tokenizer!.encode(textWords)).toEqual(prompts!.prefix_nonimg);
  });

  test.for((prompts?.runs ?? []).map((run) => [run.prompt_format, run.use_caption, run] as const))(
    '%s, captions %s: prompts, answers, ids and what is supervised',
    async ([format, useCaption, { rows }], { skip }) => {
      const ours = await rowsOf(format, useCaption);
      for (const { pid, prompt, answer, indicator } of rows) {
        const row = ours.get(pid)!;
        expect(row.prompt).toBe(prompt);
        expect(row.answers).toEqual([answer]);
        expect(row.picture !== undefined, pid).toBe(indicator === 1);
      }
      skip(!tokenizer, `${tokenizerFile} is not there`);
      for (const { pid, answer, example, label_from: from, labels, length } of rows) {
        const { ids, supervised } = rowTokens(ours.get(pid)!, answer, tokenizer!);
        // the program cuts a row at its length, wherever that is
        expect([...ids].slice(0, length), pid).toEqual(example.slice(0, length));
        const [start, end] = supervised as [number, number];
        expect(end).toBe(ids.length);
        if (from >= 0) expect(start, pid).toBe(from);
        else expect(start).toBeGreaterThanOrEqual(length);
        const masked = [...ids].map((id, at) => (at >= start ? id : 0)).slice(0, length);
        expect(masked, pid).toEqual(labels.slice(0, length));
        const cut = rowTokens(ours.get(pid)!, answer, tokenizer!, length, 'end');
        expect([...cut.ids], pid).toEqual(example.slice(0, length));
        expect(cut.supervised, pid).toEqual(from < 0 ? [] : [from, Math.min(end, length)]);
      }
    },
  );
});
