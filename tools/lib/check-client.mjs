import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureNpm, PNPM } from './processes.mjs';
import { TINY_MODEL } from './tiny-model.mjs';

/** A run of a moment. */
const CONFIG = `${TINY_MODEL}data: { use: scenes, seed: 3, train: 24, val: 8, test: 6 }
plan: { preset: plain, steps: 2, batchSize: 4 }
training: { seed: 1, maxTextLength: 60 }
`;

/** Each client: its program as npm fetches it, how it installs, how it runs a command, where it reads replacements. */
const CLIENTS = {
  npm: {
    package: 'npm@11',
    program: 'npm',
    install: ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
    exec: ['exec', '--'],
    replace: (manifest, tarballs) => ({ ...manifest, overrides: tarballs }),
  },
  pnpm: {
    package: PNPM,
    program: 'pnpm',
    install: ['install', '--ignore-scripts', '--no-frozen-lockfile'],
    exec: ['exec'],
    replace: (manifest, tarballs) => ({ ...manifest, pnpm: { overrides: tarballs } }),
  },
  yarn: {
    package: 'yarn@1.22.22',
    program: 'yarn',
    install: ['install', '--ignore-scripts', '--non-interactive', '--no-progress'],
    exec: ['run', '--silent'],
    replace: (manifest, tarballs) => ({ ...manifest, resolutions: tarballs }),
  },
};

/**
 * Installs the packed command into an empty project with a client, asks for its version and trains two steps.
 * @returns `{ detail }`, or `{ fault, output }`
 */
export async function checkClient(name, folder, tarballs) {
  const { package: source, program, install, exec, replace } = CLIENTS[name];
  mkdirSync(folder, { recursive: true });
  const files = Object.fromEntries([...tarballs].map(([each, path]) => [each, `file:${path}`]));
  const { '@eim/cli': command, ...others } = files;
  const manifest = {
    name: 'user-project',
    private: true,
    type: 'module',
    dependencies: { '@eim/cli': command },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(replace(manifest, others), null, 2));
  writeFileSync(join(folder, 'tiny.yaml'), CONFIG);
  const client = (words) =>
    captureNpm(['exec', '--yes', `--package=${source}`, '--', program, ...words], {
      cwd: folder,
      // Yarn keeps tarballs by name and version, and would take those of an earlier check.
      env: { EIM_ENGINE: 'wasm', YARN_CACHE_FOLDER: join(folder, '.yarn-cache') },
    });
  const steps = [
    ['installing', install],
    ['eim --version', [...exec, 'eim', '--version']],
    ['training two steps', [...exec, 'eim', 'train', 'tiny.yaml', '--out', 'run']],
  ];
  let version = '';
  for (const [what, words] of steps) {
    const { code, stdout, stderr } = await client(words);
    if (code !== 0) return { fault: `${what} fails (exit code ${code})`, output: stdout + stderr };
    if (what === 'eim --version') version = stdout.trim();
  }
  return { detail: `eim ${version}, two steps trained` };
}
