import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunFolder } from '../run-folder.js';

test('what a start leaves that was killed before there was a run is begun anew; anything else is kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'eim-begin-'));
  for (const name of ['.env.json.17-0a1b2c3d.tmp', 'env.json', '.config.yaml.17-0a1b2c3d.tmp']) {
    writeFileSync(join(folder, name), '{');
    await expect(RunFolder.create(folder)).resolves.toMatchObject({ path: folder });
  }
  writeFileSync(join(folder, 'config.yaml'), '{}');
  await expect(RunFolder.create(folder)).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(readdirSync(folder)).toHaveLength(4);
  const other = mkdtempSync(join(tmpdir(), 'eim-begin-'));
  writeFileSync(join(other, 'notes.txt'), 'mine');
  await expect(RunFolder.create(other)).rejects.toMatchObject({ code: 'invalid-argument' });
});
