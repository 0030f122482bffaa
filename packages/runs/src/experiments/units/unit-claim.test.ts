import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { claimUnit } from './unit-claim.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-claim-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('one of many has a unit, until it gives it back', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimUnit(folder)));
  const held = claims.flatMap((claim) => ('release' in claim ? [claim] : []));
  expect(held).toHaveLength(1);
  expect(claims.filter((claim) => 'owner' in claim && claim.owner.process.id === process.pid)).toHaveLength(
    19,
  );
  await held[0]!.release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['a process that has ended', spawnSync(process.execPath, ['-e', '']).pid, new Date()],
  ['one whose number another has now', process.pid, new Date(0)],
])('what %s left is taken over', async (_, id, startedAt) => {
  const mark = { process: { id, host: hostname() }, startedAt: startedAt.toISOString() };
  writeFileSync(join(folder, 'claim.json'), JSON.stringify(mark));
  const claim = await claimUnit(folder);
  expect(claim).toHaveProperty('release');
  if ('release' in claim) await claim.release();
});
