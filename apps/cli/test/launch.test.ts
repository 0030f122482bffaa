import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensorsFile } from '@eim/weights/node';
import { describe, expect, it } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { writeTinyConfig } from './tiny-config.js';

const skipped = process.env.EIM_ENGINES === undefined;
const folder = scratchFolder();

/** Processes that train as one of a cluster, other than the first. */
const followers = (cluster: string): number[] =>
  execFileSync('pgrep', ['-f', '--', `--cluster .*--rank [1-9].*${cluster}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

/** The greatest difference of two runs' weights, relative to the largest of each tensor. Biases of keys have no gradient but rounding. */
async function difference(run: string, other: string): Promise<number> {
  const read = async (of: string) => (await readSafetensorsFile(join(of, 'model/model.safetensors'))).tensors;
  const [ours, theirs] = [await read(run), await read(other)];
  let most = 0;
  for (const [name, { data }] of ours) {
    if (name.endsWith('queryKeyValue.bias')) continue;
    const [values, others] = [data as Float32Array, theirs.get(name)!.data as Float32Array];
    const largest = values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 1e-30);
    for (const [index, value] of values.entries())
      most = Math.max(most, Math.abs(value - others[index]!) / largest);
  }
  return most;
}

describe.skipIf(skipped)(
  `eim launch${skipped ? ' (skipped: EIM_ENGINES names no folder of installed engines)' : ''}`,
  () => {
    it('ends with the run folder and the weights of one process', { timeout: 120_000 }, async () => {
      const plan = '{ preset: plain, steps: 40, batchSize: 5 }';
      const config = writeTinyConfig(folder, { name: 'shared', plan });
      const [alone, shared] = [join(folder, 'alone'), join(folder, 'shared')];
      const environment = { EIM_ENGINE: 'node' };
      const first = await eim(['train', config, '--out', alone, '--threads', '1'], { environment });
      expect([first.code, first.err]).toEqual([0, expect.any(String)]);
      const both = await eim(['launch', '-n', '2', config, '--out', shared], { environment });
      expect([both.code, both.out]).toEqual([0, `${shared}\n`]);
      expect(both.err).toContain('Process 0 of 2');
      expect(readdirSync(shared).sort()).toEqual(readdirSync(alone).sort());
      expect(await difference(shared, alone)).toBeLessThan(1e-4);
      const spent = (run: string): number =>
        JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')).multiplyAdds.training;
      expect(spent(shared) / spent(alone)).toBeCloseTo(1, 1);
    });

    it('compares the pictures of all processes, and has every loss of theirs', {
      timeout: 240_000,
    }, async () => {
      const learn = '{ select: full, learningRate: 3e-3 }';
      const sizes = ['until: { steps: 40 }', 'batchSize: 5', 'captionsPerPicture: 2', 'data: train'].join(
        '\n      ',
      );
      const plan = `
  segments:
    - name: contrast
      objective: { use: contrastive, options: { textWidth: 8, projectionSize: 8 } }
      learn: { encoder: ${learn} }
      ${sizes}
    - name: joint
      objective:
        use: caption
        auxiliary:
          - { use: words, weight: 0.3, options: { minimumCount: 1 } }
          - { use: contrastive, weight: 0.2, options: { textWidth: 8, projectionSize: 8, softTargets: 0.3 } }
      learn: { encoder: ${learn}, st: ${learn}, llm: ${learn} }
      ${sizes}`;
      const config = writeTinyConfig(folder, { name: 'contrast', plan });
      const run = (size: number) => join(folder, `contrast-${size}`);
      for (const size of [1, 2, 3]) {
        const { code, err } = await eim(['launch', '-n', String(size), config, '--out', run(size)]);
        expect([code, err]).toEqual([0, expect.any(String)]);
      }
      for (const size of [2, 3]) expect(await difference(run(size), run(1))).toBeLessThan(1e-4);
    });

    it('says which process is gone, and goes on from the last checkpoint', { timeout: 300_000 }, async () => {
      const plan = '{ preset: plain, steps: 60, batchSize: 5 }';
      const config = writeTinyConfig(folder, { name: 'killed', plan });
      const [run, whole] = [join(folder, 'killed-run'), join(folder, 'whole')];
      const launched = (words: readonly string[], onStderr?: (text: string) => void) =>
        eim(['launch', '--processes', '2', ...words], { onStderr: (_, text) => onStderr?.(text) });
      let killed = 0;
      const cut = await launched([config, 'training.checkpointEvery=5', '--out', run], (text) => {
        if (killed > 0 || !/step \d+\/60/.test(text)) return;
        const [victim] = followers(run);
        killed = victim!;
        process.kill(victim!, 'SIGKILL');
      });
      expect(killed).toBeGreaterThan(0);
      expect([cut.code, cut.err]).toEqual([1, expect.stringContaining('Process 1 of 2 ended by SIGKILL')]);
      expect(cut.err).toContain('The cluster of 2 processes failed');
      const resumed = await launched(['--resume', run]);
      expect([resumed.code, resumed.err]).toEqual([0, expect.any(String)]);
      expect((await launched([config, '--out', whole])).code).toBe(0);
      expect(await difference(run, whole)).toBe(0);
    });

    it('is stopped by Ctrl-C as one command', { timeout: 120_000 }, async () => {
      const plan = '{ preset: plain, steps: 400, batchSize: 5 }';
      const config = writeTinyConfig(folder, { name: 'stopped', plan });
      const run = join(folder, 'stopped-run');
      let told = false;
      const { code, err } = await eim(['launch', '-n', '2', config, '--out', run], {
        environment: { EIM_PROGRESS_SECONDS: '0.05' },
        onStderr: (child, text) => {
          if (told || !/step \d+\/400/.test(text)) return;
          told = true;
          child.kill('SIGINT');
        },
      });
      expect(code).toBe(130);
      expect(err.match(/Stopping after this step/g)).toHaveLength(1);
      expect(err).toContain(`Go on with: eim launch --resume ${run}`);
    });

    it('refuses what makes no sense', async () => {
      const { code, err } = await eim(['launch', '--processes', '2']);
      expect([code, err]).toEqual([2, expect.stringContaining('needs CONFIG or --resume')]);
    });
  },
);
