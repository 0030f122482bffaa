import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, repositoryRoot } from './processes.mjs';
import { startStaticHost } from './static-host.mjs';

export const EIM = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'eim-page-'));

/** Runs a command of `eim` on wasm. @returns what it prints */
export async function eim(...words) {
  const { code, stdout, stderr } = await capture(process.execPath, [EIM, ...words], {
    env: { EIM_ENGINE: 'wasm' },
  });
  if (code !== 0) throw new Error(`eim ${words.join(' ')} ends with ${code}: ${stderr}`);
  return stdout.trim();
}

let trained;
/** Folder of a run that has learnt a little of captioning, trained once. */
export const smallRun = () => {
  const settings = ['plan.steps=120', 'plan.batchSize=16', 'data.train=400', 'data.val=40', 'data.test=40'];
  trained ??= eim('train', 'configs/demo-eim.yaml', ...settings, '--out', join(scratch, 'run'));
  return trained.then(() => join(scratch, 'run'));
};

/** Exports a model as a page, and hosts it. @returns the host, with its `folder` */
export async function exported(model, name) {
  const folder = join(scratch, name);
  await eim('export', model, '--target', 'web', '--out', folder);
  return { folder, ...(await startStaticHost(folder)) };
}

export const removeModels = () => rmSync(scratch, { recursive: true, force: true });
