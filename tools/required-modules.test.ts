import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { requiredModules, writeRequiredModules } from './required-modules.mjs';

const turned = (code: string, path = 'dist/index.js') => requiredModules.renderChunk(code, { path }).code;

test('imports are turned, and what only names the modules stays', () => {
  const code = [
    "import * as tf from '@tensorflow/tfjs-core';",
    'import {\n  add,\n  sum as sum2\n} from "@tensorflow/tfjs-core";',
    "export { version_wasm } from '@tensorflow/tfjs-backend-wasm';",
    "import '@tensorflow/tfjs-backend-cpu';",
    "import x from '@tensorflow/tfjs-core/dist/x';",
    'throw new Error("import \'@tensorflow/tfjs-core\'");',
  ].join('\n');
  expect(turned(code)).toBe(
    [
      "import * as tf from '@eim/engine/tfjs-core';",
      'import {\n  add,\n  sum as sum2\n} from "@eim/engine/tfjs-core";',
      "export { version_wasm } from '#tfjs-backend-wasm';",
      "import '#tfjs-backend-cpu';",
      "import x from '@tensorflow/tfjs-core/dist/x';",
      'throw new Error("import \'@tensorflow/tfjs-core\'");',
    ].join('\n'),
  );
  const own = "export * from '@tensorflow/tfjs-core';";
  expect(turned(own, 'dist/tfjs-core.js')).toBe(own);
});

const folder = mkdtempSync(join(import.meta.dirname, '../packages/engine/.required-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what Node is given are the modules themselves, name by name', async () => {
  writeRequiredModules(folder);
  const require = createRequire(join(folder, 'any.js'));
  for (const name of ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm']) {
    const given = await import(pathToFileURL(join(folder, `${name}.js`)).href);
    const expected = require(`@tensorflow/${name}`);
    expect(Object.keys(given).sort()).toEqual(Object.keys(expected).sort());
    for (const key of Object.keys(expected)) expect(given[key]).toBe(expected[key]);
  }
});
