/**
 * A third party's way: its encoder is built against packed tarballs, packed itself, installed with the command in a
 * user's project, used from a config by name, and put through the conformance suite.
 */
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './lib/console.mjs';
import { capture, captureNpm, repositoryRoot } from './lib/processes.mjs';
import { packAll } from './lib/tarballs.mjs';
import { createUserProject, installWith } from './lib/user-project.mjs';

const example = join(repositoryRoot, 'examples/write-your-own-encoder');
const scratch = mkdtempSync(join(tmpdir(), 'eim-encoder-'));

function must({ code, stdout, stderr }, what) {
  if (code !== 0) throw new Error(`${what} failed (exit code ${code})\n${stdout}${stderr}`);
  return stdout;
}

try {
  const tarballs = await packAll(join(scratch, 'tarballs'));
  say('Building the encoder against the packed packages ...');
  const author = join(scratch, 'author');
  cpSync(example, author, { recursive: true, filter: (path) => !/node_modules|dist$/.test(path) });
  await installWith(author, tarballs);
  must(await captureNpm(['run', 'build'], { cwd: author }), 'building the encoder');
  must(await captureNpm(['pack', '--pack-destination', scratch], { cwd: author }), 'packing the encoder');
  const packed = join(
    scratch,
    readdirSync(scratch).find((name) => name.endsWith('.tgz')),
  );

  say('Using it in an empty project ...');
  const user = join(scratch, 'user');
  const { name } = JSON.parse(readFileSync(join(author, 'package.json'), 'utf8'));
  await createUserProject(
    user,
    new Map([
      ['@eim/cli', tarballs.get('@eim/cli')],
      [name, packed],
    ]),
    tarballs,
  );
  for (const file of ['config.yaml', 'conformance.mjs']) copyFileSync(join(example, file), join(user, file));
  const eim = join(user, 'node_modules', '.bin', 'eim');
  const parameters = JSON.parse(
    must(await capture(eim, ['params', 'config.yaml', '--json'], { cwd: user }), 'eim params'),
  );
  if (!(parameters.parts.encoder.inference > 0)) throw new Error('eim params counts no encoder parameters');
  must(await capture(eim, ['train', 'config.yaml', '--out', 'run'], { cwd: user }), 'eim train');
  const scores = JSON.parse(must(await capture(eim, ['eval', 'run', '--json'], { cwd: user }), 'eim eval'));
  if (!(scores.images === 16 && scores.CIDEr >= 0))
    throw new Error(`eim eval printed ${JSON.stringify(scores).slice(0, 300)}`);
  console.log(
    must(await capture(process.execPath, ['conformance.mjs'], { cwd: user }), 'the conformance suite').trim(),
  );
  writeFileSync(
    join(user, 'config.yaml'),
    readFileSync(join(example, 'config.yaml'), 'utf8').replace('encoder-mixer', 'encoder-mixr'),
  );
  const absent = await capture(eim, ['params', 'config.yaml'], { cwd: user });
  if (absent.code !== 2 || !absent.stderr.includes('@acme/encoder-mixr')) {
    throw new Error(`a package that is not installed gave exit code ${absent.code}: ${absent.stderr}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
