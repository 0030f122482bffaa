import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { createPluginLoader } from './create-plugin-loader.js';

const root = mkdtempSync(join(tmpdir(), 'eim-plugins-'));
afterAll(() => rmSync(root, { recursive: true }));

const install = (folder: string, name: string, packageJson: object, files: Record<string, string>) => {
  const at = join(root, folder, 'node_modules', name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(at, file, '..'), { recursive: true });
    writeFileSync(join(at, file), text);
  }
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, ...packageJson }));
};
const says = (text: string) => `export default { from: ${JSON.stringify(text)} };`;
const esm = (text: string) =>
  [
    { type: 'module', exports: { '.': { types: './t.d.ts', import: './dist/index.js' } } },
    { 'dist/index.js': says(text) },
  ] as const;

install('config', '@acme/both', ...esm('config'));
install('work', '@acme/both', ...esm('work'));
install('work', '@acme/work-only', ...esm('work'));
install('.', 'above', { type: 'module', main: 'lib' }, { 'lib/index.js': says('above') });
install(
  'work',
  'common',
  { main: 'index.cjs' },
  { 'index.cjs': 'module.exports = { __esModule: true, default: { from: "cjs" } };' },
);
install(
  'work',
  'broken',
  { type: 'module', exports: './index.js' },
  { 'index.js': 'throw new Error("a peer is absent");' },
);
mkdirSync(join(root, 'config', 'deep'), { recursive: true });

const load = createPluginLoader({
  configFolder: join(root, 'config', 'deep'),
  workingDirectory: join(root, 'work'),
  builtIns: {
    '@acme/both': async () => ({ default: { from: 'built in' } }),
    builtin: async () => ({ default: { from: 'built in' } }),
  },
});
const from = async (name: string) => {
  const search = await load(name);
  return search.found ? (search.manifest as { from: string }).from : search.lookedIn;
};

describe('createPluginLoader', () => {
  it("looks from the config's folder, then the working directory, then the built-ins", async () => {
    expect(await from('@acme/both')).toBe('config');
    expect(await from('@acme/work-only')).toBe('work');
    expect(await from('above')).toBe('above');
    expect(await from('builtin')).toBe('built in');
  });

  it('unwraps the default export of a CommonJS build', async () => {
    expect(await from('common')).toBe('cjs');
  });

  it('says where it looked', async () => {
    expect(await from('@acme/absent')).toEqual([
      `${join(root, 'config', 'deep')} and the folders above it`,
      `${join(root, 'work')} and the folders above it`,
      'the built-in packages (@acme/both, builtin)',
    ]);
  });

  it('names a package that is there but cannot be loaded', async () => {
    const error = await load('broken').catch((caught: unknown) => caught);
    expect(EimError.isInstance(error) && error.message).toContain("'broken' was found at");
    expect((error as EimError).message).toContain('a peer is absent');
  });
});
