// Run from the repository's root, after `npm run setup`: npm run bench -- accuracy
// Engines that `eim engine install` put elsewhere are measured too where EIM_ENGINES names their folder.
import { join } from 'node:path';
import { listEngines, startEngine } from '@eim/engine';
import { writeFileAtomically } from '@eim/weights/node';
import { accuracyDocument, type EngineAccuracy, toleranceOf, worstOf } from './accuracy-table.js';
import { generatedTokens } from './generated-tokens.js';
import { measureAccuracy } from './measure-accuracy.js';
import { type Finding, publishedModels } from './published-models.js';

const root = join(import.meta.dirname, '../../../..');
const data = process.env.EIM_DATA ?? join(root, '../shared/data');
const engines: EngineAccuracy[] = [];
const findings: Finding[] = [];
const running = (await listEngines()).filter(({ name, ok }) => ok && name !== 'cpu');
for (const { name } of running.reverse()) {
  await startEngine({ engine: name });
  const rows = await measureAccuracy();
  engines.push({ engine: name, rows });
  for (const row of rows) {
    const worst = worstOf(row);
    findings.push({ line: '', equal: worst <= toleranceOf(name) });
    console.log(`${name}: ${row.model}, ${row.files}: ${worst.toExponential(1)}`);
  }
  const tokens = [...(await generatedTokens()), ...(await publishedModels(data))];
  for (const { line, equal } of tokens) {
    findings.push({ line: `On ${name}: ${line}`, equal });
    console.log(line);
  }
}
const lines = findings.flatMap(({ line }) => (line === '' ? [] : [line]));
await writeFileAtomically(join(root, 'docs/accuracy.md'), accuracyDocument(engines, lines));
console.log('Written to docs/accuracy.md');
if (findings.some(({ equal }) => !equal)) process.exitCode = 1;
