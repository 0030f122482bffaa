import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from '../testing/scratch.js';
import { readPipConfiguration } from './pip-configuration.js';

const folder = scratchFolder(afterAll);
const onLinux = process.platform === 'linux';
let count = 0;

/** A home with these files, and an environment that knows no other. */
function homeWith(files: Readonly<Record<string, string>>) {
  const home = join(folder, `home-${count++}`);
  for (const [path, contents] of Object.entries({ 'x/y': '', ...files })) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), contents);
  }
  return { HOME: home, XDG_CONFIG_DIRS: join(home, 'xdg') };
}

test.runIf(onLinux)("files override each other in pip's order, and variables override them all", async () => {
  const environment = homeWith({
    'xdg/pip/pip.conf': '[global]\nindex-url = https://global/simple\nproxy = http://p:1\n',
    '.pip/pip.conf': '[global]\nindex-url: https://legacy/simple\n',
    '.config/pip/pip.conf':
      '# mine\n[global]\nindex_url = https://user/simple\nextra-index-url =\n  https://a/simple\n  https://b/simple\n',
    'venv/pip.conf': '[global]\nindex-url=https://venv/simple\n[install]\ntrusted-host = a b\n',
    'named.conf': '[global]\nindex-url=https://named/simple\n',
  });
  expect(await readPipConfiguration(environment)).toMatchObject({
    indexUrls: ['https://user/simple', 'https://a/simple', 'https://b/simple'],
    proxy: 'http://p:1',
  });
  const venv = { ...environment, VIRTUAL_ENV: join(environment.HOME, 'venv') };
  expect(await readPipConfiguration(venv)).toMatchObject({
    indexUrls: ['https://venv/simple', 'https://a/simple', 'https://b/simple'],
    trustedHosts: ['a', 'b'],
  });
  // A file that is named stands in place of the user's own, and counts most.
  const named = { ...venv, PIP_CONFIG_FILE: join(environment.HOME, 'named.conf') };
  expect((await readPipConfiguration(named)).indexUrls).toEqual(['https://named/simple']);
  expect(await readPipConfiguration({ ...named, PIP_INDEX_URL: 'https://env/simple' })).toMatchObject({
    indexUrls: ['https://env/simple'],
  });
  expect(await readPipConfiguration({ ...venv, PIP_CONFIG_FILE: '/dev/null' })).toEqual({
    indexUrls: ['https://pypi.org/simple'],
    findLinks: [],
    trustedHosts: [],
  });
});

test('no-index leaves only what find-links names', async () => {
  const environment = {
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_INDEX: 'true',
    PIP_FIND_LINKS: '/wheels https://x/y',
  };
  expect(await readPipConfiguration(environment)).toEqual({
    indexUrls: [],
    findLinks: ['/wheels', 'https://x/y'],
    trustedHosts: [],
  });
});

test('a damaged file is named with its line, and what is not supported by its name', async () => {
  const environment = homeWith({ 'damaged.conf': '[global]\nindex-url\n' });
  const damaged = { ...environment, PIP_CONFIG_FILE: join(environment.HOME, 'damaged.conf') };
  await expect(readPipConfiguration(damaged)).rejects.toThrow(
    /damaged.conf:2: pip's configuration cannot be read/,
  );
  const client = { PIP_CONFIG_FILE: '/dev/null', PIP_CLIENT_CERT: '/x.pem' };
  await expect(readPipConfiguration(client)).rejects.toThrow(/client-cert is set/);
});
