import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../testing/process-with-engine.ts');

function runScript(ending: string) {
  const args = ['--conditions=eim-source', '--import=tsx', script, ending];
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 50_000 });
}

describe('a process with the wasm engine and its threads', () => {
  test('ends when its script does', () => {
    const { status, stdout, stderr } = runScript('returns');
    expect([status, stdout, stderr]).toEqual([0, 'threads 3\n', '']);
  });

  test.each(['throws', 'rejects'])(
    'that %s prints what Node prints, not the source of the backend',
    (ending) => {
      const { status, stderr } = runScript(ending);
      expect(status).toBe(1);
      expect(stderr).toContain('Error: mine');
      expect(stderr.length).toBeLessThan(2000);
    },
  );
});
