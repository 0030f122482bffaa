import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { TINY_MODEL } from './tiny-config.js';

const LONG = 300_000;
const folder = scratchFolder();
const records = join(folder, 'results/tiny');
const environment = { EIM_RUNS: join(folder, 'runs'), EIM_THREADS: '1', EIM_PROGRESS_SECONDS: '0.001' };
const bench = (words: readonly string[], options: Parameters<typeof eim>[1] = {}) =>
  eim(['bench', ...words], { folder, environment, ...options });
const readRecord = (name: string) => JSON.parse(readFileSync(join(records, `${name}.json`), 'utf8'));

const BASE = `${TINY_MODEL}data: { use: scenes, seed: 3, train: 60, val: 8, test: 10 }
plan: { preset: plain, steps: 24, batchSize: 4 }
training: { checkpointEvery: 4, maxTextLength: 60 }
evaluation: { maxNewTokens: 12 }
`;
const SEGMENTS = '{ preset: eim-encoder, steps: 24, batchSize: 4 }';
writeFileSync(join(folder, 'base.yaml'), BASE);
const experiment = (name: string, arms: string) =>
  writeFileSync(
    join(folder, `${name}.yaml`),
    `name: tiny\nbase: base.yaml\nrecords: ${name === 'tiny' ? 'results' : name}\nseeds: [1]\nbudget: { equalTo: plain }\narms:\n${arms}`,
  );
experiment('tiny', `  plain:\n  segments: { plan: ${SEGMENTS} }\n`);

test(
  'an experiment that is stopped goes on where it was, and ends as if it had not been',
  async () => {
    let stopped = false;
    const first = await bench(['sweep', 'tiny.yaml'], {
      onStderr: (child, text) => {
        if (stopped || !/segments-1 \(2\/2\) {2}joint {2}step \d/.test(text)) return;
        stopped = true;
        child.kill('SIGINT');
      },
    });
    expect(first).toMatchObject({ code: 130, out: '' });
    expect(first.err).toContain('Stopped in segments-1, with 1 of the units left. The same command goes on');
    expect(readdirSync(records).filter((name) => !name.startsWith('baselines-'))).toEqual(['plain-1.json']);
    const begun = readdirSync(join(folder, 'runs/tiny')).find((name) => name.startsWith('segments-1-'))!;
    const checkpoints = join(folder, 'runs/tiny', begun, 'run/checkpoints');
    expect(readdirSync(checkpoints).length).toBeGreaterThan(0);

    const second = await bench(['sweep', 'tiny.yaml']);
    expect(second.err).toContain('Trained: segments-1\nHad a record: plain-1');
    expect(second.code).toBe(0);
    expect(second.out).toContain('| segments |');
    expect(second.out).toContain('| Colours and edges, retrieval |');

    const [plain, segments] = [readRecord('plain-1'), readRecord('segments-1')];
    expect(segments.training.segments.map(({ name }: { name: string }) => name)).toEqual(['words', 'joint']);
    // Gates are charged to the plan that has them.
    const compute = ({ training: { multiplyAdds } }: typeof plain) =>
      multiplyAdds.training + multiplyAdds.encoding + multiplyAdds.evaluation;
    expect(Math.abs(compute(segments) / compute(plain) - 1)).toBeLessThan(0.02);
    expect(segments.allowance).toEqual({ kind: 'multiply-adds', amount: compute(plain) });
    expect(segments.score.ciderPerPicture).toHaveLength(10);
    expect(segments.score.pictureIds).toBe(plain.score.pictureIds);
    expect(segments.scoredTimes).toBe(1);
    expect(segments.training.coreSeconds).toBeGreaterThan(0);

    // The same unit without interruption, in another place.
    experiment('whole', `  plain:\n  segments: { plan: ${SEGMENTS} }\n`);
    const whole = await bench(['sweep', 'whole.yaml', '--only', 'segments', '--json'], {
      environment: { ...environment, EIM_RUNS: join(folder, 'other-runs') },
    });
    expect(JSON.parse(whole.out)).toMatchObject({ trained: ['segments-1'], skipped: [], left: [] });
    const uninterrupted = JSON.parse(readFileSync(join(folder, 'whole/tiny/segments-1.json'), 'utf8'));
    const lasting = ({ score, training, configHash, dataHash, parameters }: typeof plain) => {
      const { seconds: _, coreSeconds: __, ...scores } = score;
      const losses = training.curve.map(([step, , loss]: number[]) => [step, loss]);
      return { scores, losses, configHash, dataHash, parameters };
    };
    expect(lasting(uninterrupted)).toEqual(lasting(segments));
  },
  LONG,
);

test(
  'a changed arm is stale: it is left out of the table, named, and trained again; the limit begins nothing',
  async () => {
    const before = await runInProcess(['bench', 'table', 'tiny.yaml'], folder);
    expect(before.code).toBe(0);
    writeFileSync(join(folder, 'page.md'), '<!-- table: tiny -->\n<!-- /table -->\n');
    const page = ['bench', 'table', '--experiments', '.'];
    expect((await runInProcess([...page, '--check', 'page.md'], folder)).code).toBe(2);
    expect(await runInProcess([...page, '--write', 'page.md'], folder)).toMatchObject({
      out: 'Made anew: tiny.\n',
    });
    expect((await runInProcess([...page, '--check', 'page.md'], folder)).code).toBe(0);
    expect(readFileSync(join(folder, 'page.md'), 'utf8')).toContain(before.out.trim());

    experiment(
      'tiny',
      '  plain:\n  segments: { budget: own, plan: { preset: plain, steps: 4, batchSize: 8 } }\n',
    );
    const after = await runInProcess(['bench', 'table', 'tiny.yaml'], folder);
    expect(after.out).toContain('Left out, as the record is stale: segments-1 (made from another config).');
    expect(after.out).not.toContain('| segments |');

    const listed = await bench(['sweep', 'tiny.yaml', '--dry-run', '--json']);
    const [plain, segments] = JSON.parse(listed.out);
    expect(plain).toEqual({ unit: 'plain-1', state: 'done' });
    expect(segments).toMatchObject({
      unit: 'segments-1',
      state: 'stale',
      reason: 'made from another config',
    });
    expect(segments.estimate.segments).toEqual([{ name: 'joint', steps: 4 }]);
    expect(segments.seconds).toBeGreaterThan(0);

    const second = await bench(['sweep', 'tiny.yaml', '--shard', '2/2', '--limit-minutes', '0', '--json']);
    expect(JSON.parse(second.out)).toMatchObject({ skipped: [], left: ['segments-1'] });

    const limited = await bench(['sweep', 'tiny.yaml', '--limit-minutes', '0', '--json']);
    expect(JSON.parse(limited.out)).toMatchObject({
      trained: [],
      skipped: ['plain-1'],
      left: ['segments-1'],
    });
    expect(limited.err).toContain('The record of segments-1 is stale: made from another config.');

    expect((await bench(['sweep', 'tiny.yaml', '--seeds', '1'])).code).toBe(0);
    expect(readRecord('segments-1')).toMatchObject({ scoredTimes: 2, training: { steps: 4 } });
  },
  LONG,
);

test(
  'commands side by side share the units',
  async () => {
    experiment('shared', `  plain:\n  segments: { plan: ${SEGMENTS} }\n`);
    const runs = join(folder, 'shared-runs');
    const sweep = () =>
      bench(['sweep', 'shared.yaml', '--json'], { environment: { ...environment, EIM_RUNS: runs } });
    const both = await Promise.all([sweep(), sweep()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const outcomes = both.map(({ out }) => JSON.parse(out));
    expect(outcomes.flatMap(({ trained }) => trained).sort()).toEqual(['plain-1', 'segments-1']);
    for (const { trained, skipped, elsewhere } of outcomes)
      expect([...trained, ...skipped, ...elsewhere].sort()).toEqual(['plain-1', 'segments-1']);
    const left = readdirSync(join(runs, 'tiny')).flatMap((unit) => readdirSync(join(runs, 'tiny', unit)));
    expect(left.filter((name) => name.startsWith('claim'))).toEqual([]);
  },
  LONG,
);

test(
  'sizes that are not as asked, and arms and seeds that are not there, are refused before anything is trained',
  async () => {
    const file = join(folder, 'ratio.yaml');
    writeFileSync(
      file,
      `base: base.yaml\nseeds: [1]\nparameterRatio: { of: large, to: small, is: 3.13, within: 0.02 }\narms:\n  small:\n  large: { model: { llm: { options: { hiddenSize: 32 } } } }\n`,
    );
    const refused = await bench(['sweep', 'ratio.yaml']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(
      /large has \d+ parameters and small 23824, [\d.]+ times as many; .* asks for 3\.13/,
    );
    expect((await runInProcess(['bench', 'sweep', 'ratio.yaml', '--only', 'huge'], folder)).err).toContain(
      'Its arms are small, large.',
    );
    expect((await runInProcess(['bench', 'sweep', 'ratio.yaml', '--seeds', '2'], folder)).err).toContain(
      'has no seed 2',
    );
    expect((await runInProcess(['bench', 'sweep', 'ratio.yaml', '--seeds', 'x'], folder)).code).toBe(2);
    const sharded = (shard: string) =>
      runInProcess(['bench', 'sweep', 'ratio.yaml', '--shard', shard], folder);
    expect((await sharded('3/2')).err).toContain('Write i/n, such as 1/4');
    expect((await runInProcess(['bench', 'table'], folder)).err).toContain('needs one of EXPERIMENT');
    expect(existsSync(join(folder, 'results/ratio'))).toBe(false);
  },
  LONG,
);
