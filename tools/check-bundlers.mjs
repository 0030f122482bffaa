/**
 * The packages as npm would carry them, bundled for browsers by esbuild, Vite and webpack as each comes, without a
 * config. A small captioning program runs in Node, then from each bundle in a headless Chromium, and must see the same.
 *
 *     node tools/check-bundlers.mjs [esbuild vite webpack]
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { answerOfPage, findChromium } from './lib/chromium.mjs';
import { say } from './lib/console.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { packAll } from './lib/tarballs.mjs';
import { createUserProject } from './lib/user-project.mjs';

const OURS = [
  'benchmarks',
  'core',
  'datasets',
  'encoder-clip',
  'encoder-efficientnet',
  'encoder-mobilenet',
  'engine',
  'images',
  'llm-gpt2',
  'llm-llama',
  'nn',
  'st-adapters',
  'tokenizers',
  'weights',
].map((name) => `@eim/${name}`);

/** What a user installs and types, and the folder that is served then. */
const BUNDLERS = {
  esbuild: {
    packages: { esbuild: '0.28.2' },
    command: ['esbuild', 'page.mjs', '--bundle', '--minify', '--outfile=out/page.js'],
    page: { file: 'out/index.html', script: '<script src="page.js"></script>' },
    output: 'out',
  },
  vite: {
    packages: { vite: '8.3.8' },
    command: ['vite', 'build'],
    page: { file: 'index.html', script: '<script type="module" src="./page.mjs"></script>' },
    output: 'dist',
  },
  webpack: {
    packages: { webpack: '5.113.0', 'webpack-cli': '7.3.1' },
    command: ['webpack', '--mode', 'production', '--entry', './page.mjs', '--output-filename', 'page.js'],
    page: { file: 'dist/index.html', script: '<script src="page.js"></script>' },
    output: 'dist',
  },
};
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};
const WASM = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';

/** A page that also reports a script which does not even start. */
const PAGE = `<!doctype html><meta charset="utf-8"><script>
addEventListener('error', ({ message }) => fetch('/answer', { method: 'POST', body: JSON.stringify({ error: message }) }));
</script>`;

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/** The output's scripts together, as they are and compressed. */
function sizesOf(folder) {
  const scripts = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(folder, file)));
  const sum = (all) => all.reduce((total, { length }) => total + length, 0);
  return { size: sum(scripts), compressed: sum(scripts.map((script) => gzipSync(script))) };
}

/** A server of the bundle's folder with the backend's .wasm files beside the page, as README of @eim/engine says. */
const fileIn = (project, output) => (path) => {
  const name = path === '' ? 'index.html' : path;
  const folder = name.endsWith('.wasm') && name === basename(name) ? WASM : output;
  try {
    return { type: TYPES[extname(name)] ?? 'text/plain', body: readFileSync(join(project, folder, name)) };
  } catch {
    return undefined;
  }
};

/** What the program sees in Node, from the same packages. */
async function expectedAnswer(project) {
  const script =
    "import('./program.mjs').then(async (it) => console.log(JSON.stringify(await it.captionOnce())))";
  const { code, stdout, stderr } = await capture(process.execPath, ['-e', script], { cwd: project });
  if (code !== 0) throw new Error(`the program fails in Node:\n${stderr}`);
  return JSON.parse(stdout);
}

/** @returns the line to print */
async function check(name, { packages, command, page, output }, scratch, tarballs, chromium) {
  const project = join(scratch, name);
  const ours = OURS.map((each) => [each, tarballs.get(each)]);
  const others = Object.entries({ '@tensorflow/tfjs-core': '^4.22.0', ...packages });
  await createUserProject(project, new Map([...ours, ...others]), tarballs);
  for (const file of ['program.mjs', 'page.mjs'])
    cpSync(join(repositoryRoot, 'tools/bundlers', file), join(project, file));
  if (!page.file.startsWith(output)) writeFileSync(join(project, page.file), PAGE + page.script);
  const [program, ...words] = command;
  const built = await capture(join(project, 'node_modules/.bin', program), words, { cwd: project });
  if (built.code !== 0) throw new Error(`the build fails\n${built.stdout}${built.stderr}`);
  if (page.file.startsWith(output)) writeFileSync(join(project, page.file), PAGE + page.script);
  const { size, compressed } = sizesOf(join(project, output));
  const sizes = `${megabytes(size)}, ${megabytes(compressed)} compressed`;
  if (chromium === undefined) return `${name}: builds (${sizes}); not run, since no Chromium was found`;
  const expected = await expectedAnswer(project);
  const answer = await answerOfPage({ chromium, fileAt: fileIn(project, output) });
  const { engines: seen, ...rest } = answer;
  const { engines: inNode, ...wanted } = expected;
  if (!isDeepStrictEqual(rest, wanted))
    throw new Error(`the page saw ${JSON.stringify(answer)}, Node ${JSON.stringify(expected)}`);
  if (!seen.includes('wasm: true') || !seen.includes('node: false'))
    throw new Error(`the page lists the engines ${seen.join(', ')}; Node ${inNode.join(', ')}`);
  return `${name}: builds (${sizes}) and captions in Chromium as in Node`;
}

const wanted = process.argv.slice(2);
const chosen = Object.entries(BUNDLERS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
if (chosen.length < Math.max(wanted.length, 1)) {
  console.error(`The bundlers are ${Object.keys(BUNDLERS).join(', ')}.`);
  process.exit(2);
}
const chromium = findChromium();
if (chromium === undefined)
  say('No Chromium on the path nor in EIM_CHROMIUM: the bundles are built but not run.');
const scratch = mkdtempSync(join(tmpdir(), 'eim-bundlers-'));
let failed = 0;
try {
  say('Packing ...');
  const tarballs = await packAll(join(scratch, 'tarballs'));
  for (const [name, bundler] of chosen) {
    try {
      console.log(await check(name, bundler, scratch, tarballs, chromium));
    } catch (error) {
      failed++;
      console.log(`${name}: failed: ${error.message}`);
    }
  }
} finally {
  if (process.env.EIM_KEEP) say(`Kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
