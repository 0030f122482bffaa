/**
 * The dependency law of docs/architecture.md, checked on every import of every source file, tests and benches included:
 * a package may import, of this repository, only what its row allows, and by package name; only the packages named here
 * may import a TensorFlow.js backend or sharp; every outside import is declared in its package.json; files of a package
 * do not import each other in a circle, nor does core's entry reach its training, nor the entry of runs for pages Node.
 */
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { importCycles, reachableFrom } from './lib/import-cycles.mjs';
import { repositoryRoot } from './lib/processes.mjs';
import { filesOf, importsOf, valueImportsOf } from './lib/source-imports.mjs';
import { readManifest, sourceFiles, workspaceFolders } from './lib/workspace.mjs';

const BUILDING_BLOCKS = ['@eim/engine', '@eim/nn', '@eim/weights', '@eim/tokenizers', '@eim/images'];
const MODEL_SIDE = ['@eim/contracts', '@eim/core/testing', ...BUILDING_BLOCKS];

/** What each package may import of this repository. Those that are not listed are plug-ins: model packages, benchmarks, data sets. */
const ALLOWED = {
  '@eim/contracts': [],
  '@eim/engine': ['@eim/contracts'],
  '@eim/nn': ['@eim/contracts', '@eim/engine'],
  '@eim/weights': ['@eim/contracts'],
  '@eim/tokenizers': ['@eim/contracts'],
  '@eim/images': ['@eim/contracts'],
  '@eim/report': ['@eim/contracts', '@eim/images'],
  '@eim/core': ['@eim/contracts', '@eim/engine', '@eim/images', '@eim/weights'],
  // Not a model package: configs name those.
  '@eim/runs': [
    '@eim/contracts',
    '@eim/core',
    '@eim/benchmarks',
    '@eim/datasets',
    '@eim/report',
    ...BUILDING_BLOCKS,
  ],
};
/** Apps and examples join everything. */
const FREE = (folder) => /^(apps|examples)\//.test(folder);
const BACKEND = /^@tensorflow\/(tfjs-backend-|tfjs-node|tfjs$)|^webgpu$/;
const MAY_NAME = [
  [BACKEND, ['@eim/engine', '@eim/bench']],
  [/^sharp$/, ['@eim/images', '@eim/bench']],
];

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const broken = [];
const rootDeclared = new Set(Object.keys(readManifest(repositoryRoot).devDependencies));
let files = 0;
for (const folder of workspaceFolders()) {
  const manifest = readManifest(folder);
  const declared = new Set(
    ['dependencies', 'peerDependencies', 'devDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    ),
  );
  const here = relative(repositoryRoot, folder);
  const allowed = ALLOWED[manifest.name] ?? MODEL_SIDE;
  const graph = new Map();
  for (const file of sourceFiles(folder)) {
    files++;
    const where = relative(repositoryRoot, file);
    const isTest = /\.(test|test-d)\.ts$|\/test\/|tsup\.config\.ts$/.test(where);
    const specifiers = importsOf(file);
    graph.set(
      file,
      specifiers.flatMap((specifier) => filesOf(specifier, file, folder, manifest)),
    );
    for (const specifier of specifiers) {
      if (specifier.startsWith('.')) {
        const target = resolve(dirname(file), specifier);
        const leaves = relative(folder, target).startsWith('..');
        if (leaves && !relative(repositoryRoot, target).startsWith('tools/'))
          broken.push(`${where}: ${specifier} leaves its package; import it by package name`);
        continue;
      }
      if (specifier.startsWith('#')) {
        if (filesOf(specifier, file, folder, manifest).length === 0)
          broken.push(`${where}: ${specifier} is not among the imports of ${here}/package.json`);
        continue;
      }
      if (specifier.startsWith('node:') || builtinModules.includes(specifier)) continue;
      const name = packageOf(specifier);
      for (const [pattern, owners] of MAY_NAME)
        if (pattern.test(name) && !owners.includes(manifest.name))
          broken.push(`${where}: only ${owners.join(', ')} may name ${name}`);
      if (name.startsWith('@eim/') && name !== manifest.name && !FREE(here)) {
        if (!allowed.includes(specifier) && !allowed.includes(name))
          broken.push(
            `${where}: ${manifest.name} may not import ${specifier} (allowed: ${allowed.join(', ') || 'nothing'})`,
          );
      }
      if (name !== manifest.name && !declared.has(name) && !(isTest && rootDeclared.has(name)))
        broken.push(`${where}: ${name} is not declared in ${here}/package.json`);
    }
  }
  for (const cycle of importCycles(graph)) {
    const names = cycle.map((file) => relative(repositoryRoot, file));
    broken.push(`${names.join(', ')} import each other in a circle`);
  }
  if (manifest.exports?.['./training']) checkEntry(folder, graph);
  if (manifest.exports?.['./in-page']) checkPageEntry(folder, manifest);
}

/** What runs in a page reaches nothing that names Node, but for types. */
function checkPageEntry(folder, manifest) {
  const reached = new Set([join(folder, 'src/in-page.ts')]);
  for (const file of reached) {
    for (const specifier of valueImportsOf(file)) {
      if (/^node:|\/node$/.test(specifier))
        broken.push(`${relative(repositoryRoot, file)}: ${specifier} cannot be had in a page`);
      for (const next of filesOf(specifier, file, folder, manifest)) reached.add(next);
    }
  }
}

/** Where training has an entry of its own, whoever imports the package without it loads none of it. */
function checkEntry(folder, graph) {
  const training = join(folder, 'src/training/');
  const reached = [...reachableFrom(join(folder, 'src/index.ts'), graph)].filter((file) =>
    file.startsWith(training),
  );
  if (reached.length > 0)
    broken.push(
      `${relative(repositoryRoot, folder)}: its entry . reaches ${reached.length} files of training, as ${relative(folder, reached[0])}`,
    );
}

if (broken.length > 0) {
  console.error(broken.join('\n'));
  console.error(`The dependency law is broken in ${broken.length} place(s); see docs/architecture.md.`);
  process.exit(1);
}
console.log(`dependency law: ${files} files, no breach`);
