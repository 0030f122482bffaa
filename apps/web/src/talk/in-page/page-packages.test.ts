import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE_PACKAGES } from './page-packages.js';

test('the page says which packages it holds', () => {
  const file = new URL('../../../pages/exported/public/packages.json', import.meta.url);
  expect(Object.keys(PAGE_PACKAGES)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
