import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const EIM_ENGINES = join(folder, 'engines');

test('engine list starts what it can, and says why not of the others', async () => {
  const { code, out } = await eim(['engine', 'list', '--json'], { environment: { EIM_ENGINES } });
  expect(code).toBe(0);
  const engines: Record<string, unknown>[] = JSON.parse(out).engines;
  expect(engines.map(({ name }) => name)).toEqual(['node-gpu', 'node', 'webgpu', 'wasm', 'cpu']);
  const [, node, , wasm, cpu] = engines;
  expect(node).toMatchObject({ starts: false, advice: expect.stringContaining('eim engine install node') });
  for (const engine of [wasm, cpu]) {
    expect(engine).toMatchObject({ starts: true, products: { plain: expect.any(Number) } });
    expect((engine as { products: { plain: number } }).products.plain).toBeGreaterThan(0);
  }
});

test('engine selftest checks every operation of an engine', async () => {
  const { code, out, err } = await eim(['engine', 'selftest', 'wasm', '--json']);
  expect([code, err]).toEqual([0, '']);
  const report = JSON.parse(out);
  expect(report).toMatchObject({ passed: true, problems: [], engine: { name: 'wasm' } });
  expect(report.cases).toBeGreaterThan(200);
  expect(report.largestError).toBeLessThan(2e-5);
});

test('an engine that is asked for and cannot start is an error with its cause, never another engine', async () => {
  mkdirSync(EIM_ENGINES, { recursive: true });
  writeFileSync(join(EIM_ENGINES, 'node-gpu.json'), '{"engine": "node-gpu"}');
  const environment = { EIM_ENGINES };
  const { code, out, err } = await eim(['engine', 'selftest', 'node-gpu', '--json'], { environment });
  expect([code, out]).toEqual([2, '']);
  expect(JSON.parse(err).error).toMatchObject({
    code: 'engine-unavailable',
    message: expect.stringContaining('its fields are not those of an engine'),
  });
});

test('mistakes in engine install exit 2 and install nothing', async () => {
  const environment = { EIM_ENGINES };
  const other = await eim(['engine', 'install', 'wasm'], { environment });
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining('the others come with npm') });
  const nowhere = await eim(['engine', 'install', 'node', '--tensorflow', join(folder, 'none')], {
    environment,
  });
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('There is nothing at') });
});
