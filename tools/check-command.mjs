/** Spawns the built command as a user does: exact output, empty standard error, exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, captureNpm, repositoryRoot } from './lib/processes.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'eim-command-'));
const faults = [];
const eim = (...args) => captureNpm(['exec', '--', 'eim', ...args]);
const expect = (what, condition, seen) => {
  if (!condition) faults.push(`${what}: ${JSON.stringify(seen)}`);
};
const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'apps/cli/package.json'), 'utf8'));
const direct = await capture(process.execPath, [join(repositoryRoot, 'apps/cli/bin/eim.mjs'), '--version']);
expect(
  'eim --version prints the version alone',
  direct.stdout === `${version}\n` && direct.stderr === '',
  direct,
);
expect('eim --version exits 0', direct.code === 0, direct.code);

const doctor = await eim('doctor', '--json');
const diagnosis = parse(doctor.stdout);
expect(
  'eim doctor --json prints one document',
  Array.isArray(diagnosis?.engines) &&
    diagnosis.engines.some(({ name, ok }) => ok && name === diagnosis.engine),
  doctor,
);

const candidates = join(scratch, 'candidates.json');
const references = join(scratch, 'references.json');
writeFileSync(candidates, JSON.stringify([{ image_id: 1, caption: 'A red square above a blue circle.' }]));
writeFileSync(
  references,
  JSON.stringify({ 1: ['a red square above a blue circle', 'a red square over a circle'] }),
);
const score = await eim(
  'score',
  'coco-caption',
  '--candidates',
  candidates,
  '--references',
  references,
  '--json',
);
const scores = parse(score.stdout);
expect('eim score gives COCO keys', scores?.Bleu_4 > 0.999 && scores.images === 1 && score.code === 0, score);

writeFileSync(references, JSON.stringify({ 2: ['another picture'] }));
const refused = await eim(
  'score',
  'coco-caption',
  '--candidates',
  candidates,
  '--references',
  references,
  '--json',
);
expect('a candidate for an unknown image exits 2', refused.code === 2 && refused.stdout === '', refused);
expect(
  'with a message and no stack',
  refused.stderr !== '' && !/\n\s+at /.test(refused.stderr),
  refused.stderr,
);

const unknown = await eim('trian');
expect('an unknown command exits 2', unknown.code === 2, unknown);

rmSync(scratch, { recursive: true, force: true });
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log('the built command behaves');
