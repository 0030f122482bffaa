/**
 * Writes what the demo knows of its own spread from the records of its experiments; records that no longer fit them do not count.
 *
 *     node tools/demo-spread.mjs [--check]
 *
 * --check writes nothing, and fails where the file is not what the records give.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './lib/processes.mjs';

const { experimentRecords } = await import('../packages/runs/dist/index.js');
const target = join(repositoryRoot, 'packages/runs/src/demo/recorded-scores.json');
const spreads = [];
for (const experiment of ['demo', 'demo-wasm']) {
  const records = await experimentRecords(join(repositoryRoot, 'experiments', `${experiment}.yaml`));
  const of = (arm) => records.filter((record) => record.arm === arm).sort((a, b) => a.seed - b.seed);
  const seeds = of('plain').map(({ seed }) => seed);
  if (seeds.length < 2 || String(of('eim').map(({ seed }) => seed)) !== String(seeds)) continue;
  const scores = (arm) => of(arm).map(({ score }) => score.scores.CIDEr);
  spreads.push({ engine: of('plain')[0].engine.name, seeds, plain: scores('plain'), eim: scores('eim') });
}

if (!process.argv.includes('--check')) writeFileSync(target, `${JSON.stringify(spreads, null, 2)}\n`);
else if (JSON.stringify(JSON.parse(readFileSync(target, 'utf8'))) !== JSON.stringify(spreads)) {
  console.error(`${target} is not what the records give: run \`node tools/demo-spread.mjs\`.`);
  process.exit(1);
}
