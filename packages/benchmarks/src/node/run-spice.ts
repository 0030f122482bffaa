import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type AbortSignalLike, EimError } from '@eim/contracts';
import { parseJsonFile } from '@eim/contracts/json';
import { readSpiceOutput, type SpiceResult } from '../coco-caption/read-spice-output.js';
import type { CocoCaptionPicture } from '../coco-caption/score-coco-caption.js';

const JAR = 'spice-1.0.jar';
const LIBRARIES = ['stanford-corenlp-3.6.0.jar', 'stanford-corenlp-3.6.0-models.jar'];

export interface SpiceOptions {
  /** The Java to run. @default 'java' */
  readonly java?: string;
  /** Of Java's heap, as in `-Xmx8G`. @default '8G' */
  readonly memory?: string;
  readonly signal?: AbortSignalLike;
}

/**
 * SPICE (Anderson et al., ECCV 2016) by its own program, as coco-caption runs it: on tokenised captions, all of
 * them at once. Takes minutes. It was made for Java 8; with Java 15 or newer it needs the Nashorn engine in `lib/`.
 * @param path `spice-1.0.jar`, or the folder that holds it, with `lib/` beside
 * @throws EimError `missing-file` where the jar or Stanford CoreNLP beside it is absent, `invalid-data` with the
 * end of what the program said where it fails
 */
export async function runSpice(
  path: string,
  pictures: readonly CocoCaptionPicture[],
  { java = 'java', memory = '8G', signal }: SpiceOptions = {},
): Promise<SpiceResult> {
  const jar = (await stat(path)).isDirectory() ? join(path, JAR) : path;
  const missing = [jar, ...LIBRARIES.map((name) => join(dirname(jar), 'lib', name))].filter(
    (file) => !existsSync(file),
  );
  if (missing.length > 0) {
    throw new EimError({
      code: 'missing-file',
      message: `SPICE cannot run: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there.`,
      advice: 'Give the folder of SPICE 1.0 with Stanford CoreNLP 3.6.0 and its models in lib/.',
      data: { missing },
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'eim-spice-'));
  try {
    const input = join(folder, 'input.json');
    const output = join(folder, 'output.json');
    const entries = pictures.map(({ id, candidate, references }) => ({
      image_id: id,
      test: candidate,
      refs: references,
    }));
    await mkdir(join(folder, 'cache'));
    await writeFile(input, JSON.stringify(entries));
    // By class path, so that whatever lies in lib/ counts: SPICE needs a JavaScript engine, which Java lost at 15.
    const classPath = [jar, join(dirname(jar), 'lib', '*')].join(delimiter);
    const program = [`-Xmx${memory}`, '-cp', classPath, 'edu.anu.spice.SpiceScorer'];
    const words = [...program, input, '-cache', join(folder, 'cache')];
    await runProgram(java, [...words, '-out', output, '-subset', '-silent'], dirname(jar), signal);
    return readSpiceOutput('SPICE', parseJsonFile('SPICE', await readFile(output)), pictures);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const SHOWN_CHARACTERS = 600;
/**
 * SPICE's cache looks into classes that Java closes since version 16. This variable is read by Java 9 and newer
 * alone, so an old Java is given nothing that it does not know.
 */
const OPENED = ['java.lang', 'java.math', 'java.net', 'java.text', 'java.util', 'java.util.concurrent'];
const JAVA_OPTIONS = [...OPENED.map((name) => `java.base/${name}`), 'java.sql/java.sql']
  .map((name) => `--add-opens=${name}=ALL-UNNAMED`)
  .join(' ');

function runProgram(
  program: string,
  words: readonly string[],
  folder: string,
  signal: AbortSignalLike | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: folder,
      env: {
        ...process.env,
        JDK_JAVA_OPTIONS: `${process.env.JDK_JAVA_OPTIONS ?? ''} ${JAVA_OPTIONS}`.trim(),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal && { signal }),
    });
    let said = '';
    child.stderr.on('data', (bytes) => {
      said = (said + String(bytes)).slice(-SHOWN_CHARACTERS);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.name === 'AbortError') {
        reject(
          new EimError({ code: 'interrupted', message: 'SPICE was stopped; nothing was written.', cause }),
        );
      } else if (cause.code !== 'ENOENT') reject(cause);
      else reject(failure(`${program} is not installed, and SPICE needs it`, 'Install Java.', cause));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(failure(`SPICE ended with exit code ${code}: ${said.trim()}`, adviceFor(said)));
    });
  });
}

function adviceFor(said: string): string {
  return said.includes('"scriptEngine" is null')
    ? 'It needs a JavaScript engine: use Java 8 to 14, or put nashorn-core-15.4.jar and the ASM jars that it needs into lib/.'
    : 'The end of what it says is above.';
}

function failure(problem: string, advice: string, cause?: unknown): EimError {
  return new EimError({ code: 'invalid-argument', message: `${problem}.`, advice, cause });
}
