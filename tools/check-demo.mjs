/** The demo in a shortened form: both sides train, are scored on equal compute, and the report is whole. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureNpm } from './lib/processes.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'eim-demo-'));
const out = join(scratch, 'demo');
const faults = [];
try {
  const { code, stdout, stderr } = await captureNpm([
    'run',
    '--silent',
    'demo',
    '--',
    '--steps',
    '60',
    '--out',
    out,
    '--json',
  ]);
  if (code !== 0) throw new Error(`the demo ended with exit code ${code}\n${stdout}${stderr}`);
  const outcome = JSON.parse(stdout);
  if (Math.abs(outcome.computeRatio - 1) > 0.02) faults.push(`compute ratio ${outcome.computeRatio}`);
  if (outcome.runs.length !== 2) faults.push(`${outcome.runs.length} runs`);
  for (const { name, scores } of outcome.runs)
    if (!(scores.CIDEr > 0)) faults.push(`${name}: CIDEr ${scores.CIDEr}`);
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  const pictures = report.split('data:image/').length - 1;
  if (pictures < 24) faults.push(`the report has ${pictures} pictures`);
  if (!report.includes('<svg')) faults.push('the report has no curves');
  if (/<script|https?:\/\/(?!www\.w3\.org)/.test(report)) faults.push('the report reaches outside itself');
} catch (error) {
  faults.push(error.message);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log('the demo trains both sides and writes a whole report');
