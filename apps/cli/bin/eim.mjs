#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/index.js', import.meta.url);

if (existsSync(built)) {
  const { main } = await import(built);
  await main(process.argv.slice(2));
} else {
  process.stderr.write('eim is not built yet. Run `npm run setup` in the repository, then try again.\n');
  process.exitCode = 1;
}
