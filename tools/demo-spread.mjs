/**
 * Writes what the demo knows of its own spread from the records of its experiments.
 *
 *     node tools/demo-spread.mjs [--check]
 *
 * --check writes nothing, and fails where the file is not what the records give.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './lib/processes.mjs';

const target = join(repositoryRoot, 'packages/runs/src/demo/recorded-scores.json');
const spreads = ['demo', 'demo-wasm'].flatMap((experiment) => {
  const folder = join(repositoryRoot, 'docs/results', experiment);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const records = files
    .filter((name) => /^(plain|eim)-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const of = (arm) => records.filter((record) => record.arm === arm).sort((a, b) => a.seed - b.seed);
  const seeds = of('plain').map(({ seed }) => seed);
  if (seeds.length < 2 || String(of('eim').map(({ seed }) => seed)) !== String(seeds)) return [];
  const scores = (arm) => of(arm).map(({ score }) => score.scores.CIDEr);
  return [{ engine: records[0].engine.name, seeds, plain: scores('plain'), eim: scores('eim') }];
});
const text = `${JSON.stringify(spreads, null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (JSON.stringify(JSON.parse(readFileSync(target, 'utf8'))) !== JSON.stringify(spreads)) {
  console.error(`${target} is not what the records give: run \`node tools/demo-spread.mjs\`.`);
  process.exit(1);
}
