/**
 * What takes too long for every commit: browsers, bundlers, the versions of Node, and what installs packages. Prints a
 * table with a line for each; a check that cannot run here says why.
 *
 *     npm run checks:slow [-- browsers bundlers node clients server load cluster page faults]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkClient } from './lib/check-client.mjs';
import { checkNewcomer } from './lib/check-newcomer.mjs';
import { findChromium } from './lib/chromium.mjs';
import { say } from './lib/console.mjs';
import { nodeOfVersion } from './lib/node-versions.mjs';
import { capture, captureNpm, repositoryRoot } from './lib/processes.mjs';
import { startEimServe } from './lib/running-server.mjs';
import { SERVER_CLIENTS } from './lib/server-clients.mjs';
import { packAll } from './lib/tarballs.mjs';
import { table } from './lib/text-table.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'eim-checks-slow-'));
const chromium = findChromium();
const passed = (detail = '') => ({ outcome: 'passed', detail });
const skipped = (detail) => ({ outcome: 'skipped', detail });
const judged = ({ code, stdout, stderr }) =>
  code === 0
    ? passed()
    : { outcome: 'failed', detail: lastLine(stderr) || lastLine(stdout), output: stdout + stderr };
const faultless = ({ fault, detail, output }) =>
  fault === undefined ? passed(detail) : { outcome: 'failed', detail: fault, output };
const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';
const vitest = (files, env) =>
  captureNpm(['exec', '--', 'vitest', 'run', '--typecheck.enabled=false', ...files], { env });

let packed;
/** Every package as npm would carry it, packed once. */
const tarballs = () => {
  packed ??= packAll(join(scratch, 'tarballs'));
  return packed;
};

const BROWSER_TESTS = ['packages/engine/src/start/browser-engine.test.ts', 'packages/images/src/browser'];
const FAULTS = join(repositoryRoot, 'tools/check-faults.mjs');

const GROUPS = {
  browsers: {
    Chromium: async () =>
      chromium
        ? judged(await vitest(BROWSER_TESTS, { EIM_CHROMIUM: chromium }))
        : skipped('no Chromium on the path nor in EIM_CHROMIUM'),
  },
  bundlers: Object.fromEntries(
    ['esbuild', 'vite', 'webpack'].map((name) => [
      name,
      async () => {
        const { code, stdout, stderr } = await capture(process.execPath, ['tools/check-bundlers.mjs', name]);
        const line = lastLine(stdout).replace(`${name}: `, '');
        if (code !== 0)
          return { outcome: 'failed', detail: line || lastLine(stderr), output: stdout + stderr };
        return passed(line);
      },
    ]),
  ),
  node: Object.fromEntries(
    [20, 22, 24].map((version) => [
      `Node ${version}`,
      async () => {
        const found = await nodeOfVersion(version, scratch);
        if ('reason' in found) return skipped(found.reason);
        const run = [
          join(repositoryRoot, 'node_modules/vitest/vitest.mjs'),
          'run',
          '--typecheck.enabled=false',
        ];
        const packages = ['packages', 'apps'].map((folder) => join(repositoryRoot, folder));
        const outcome = judged(await capture(found.program, [...run, ...packages]));
        return { ...outcome, detail: `${found.version} ${outcome.detail}`.trim() };
      },
    ]),
  ),
  clients: {
    ...Object.fromEntries(
      ['npm', 'pnpm', 'yarn'].map((name) => [
        name,
        async () => faultless(await checkClient(name, join(scratch, `client-${name}`), await tarballs())),
      ]),
    ),
    newcomer: async () => faultless(await checkNewcomer(join(scratch, 'newcomer'), await tarballs())),
  },
  server: Object.fromEntries(
    Object.entries(SERVER_CLIENTS).map(([name, client]) => [
      name,
      async () => {
        // a model by name or path, else a tiny one of random weights
        const server = await startEimServe([
          process.env.EIM_SERVE_MODEL ?? 'apps/server/src/__fixtures__/readme/model',
        ]);
        const env = { EIM_URL: server.url, EIM_MODEL: server.models[0] };
        return await client({ scratch, env }).finally(() => server.stop());
      },
    ]),
  ),
  load: {
    'two minutes, 200 clients': async () => {
      const words = ['tools/check-server-load.mjs'];
      if (process.env.EIM_SERVE_MODEL) words.push(process.env.EIM_SERVE_MODEL);
      const outcome = await capture(process.execPath, words);
      return { ...judged(outcome), detail: lastLine(outcome.stderr).replace('• ', '') };
    },
  },
  cluster: {
    examples: async () => {
      const needed = process.env.EIM_ENGINES ? [] : ['--static'];
      const judgement = judged(
        await capture(process.execPath, ['tools/check-cluster-examples.mjs', ...needed]),
      );
      const detail =
        needed.length > 0 ? 'schemas only: EIM_ENGINES names no folder with the engine node' : '';
      return { ...judgement, detail: judgement.detail || detail };
    },
    ...Object.fromEntries(
      ['killed', 'cut', 'full-disk'].map((name) => [
        name,
        async () => {
          if (!process.env.EIM_ENGINES) return skipped('EIM_ENGINES names no folder with the engine node');
          const outcome = await capture(process.execPath, ['tools/check-cluster-faults.mjs', name]);
          const detail = lastLine(outcome.stdout).replace(`${name}: `, '');
          if (detail.startsWith('skipped: ')) return skipped(detail.replace('skipped: ', ''));
          return { ...judged(outcome), ...(outcome.code === 0 && { detail }) };
        },
      ]),
    ),
  },
  page: Object.fromEntries(
    ['served', 'captions', 'places', 'webgpu', 'chat'].map((name) => [
      name,
      async () => {
        if (!chromium) return skipped('no Chromium on the path nor in EIM_CHROMIUM');
        const outcome = await capture(process.execPath, ['tools/check-page.mjs', name]);
        return { ...judged(outcome), detail: lastLine(outcome.stdout).replace(`${name}: `, '') };
      },
    ]),
  ),
  faults: {
    'over longer times': async () =>
      existsSync(FAULTS)
        ? judged(await capture(process.execPath, [FAULTS]))
        : skipped('there is no tools/check-faults.mjs'),
    'LaVIN, killed twenty times': async () =>
      existsSync(FAULTS)
        ? judged(await capture(process.execPath, [FAULTS, '--run', 'lavin', '--kills', '20']))
        : skipped('there is no tools/check-faults.mjs'),
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}; the groups are ${Object.keys(GROUPS).join(', ')}.`);
  process.exit(2);
}
const rows = [];
try {
  for (const [group, checks] of Object.entries(GROUPS)) {
    if (wanted.length > 0 && !wanted.includes(group)) continue;
    for (const [name, check] of Object.entries(checks)) {
      say(`${group}: ${name} ...`);
      const started = performance.now();
      const result = await check().catch((error) => ({ outcome: 'failed', detail: error.message }));
      if (result.output) say(result.output);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      rows.push([group, name, result.outcome, `${seconds} s`, result.detail.split('\n')[0]]);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(table(['', 'check', 'outcome', 'time', ''], rows));
process.exit(rows.some(([, , outcome]) => outcome === 'failed') ? 1 : 0);
