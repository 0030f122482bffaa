/**
 * The dependency law of docs/architecture.md, checked on every import of every source file, tests included:
 * a package may import, of this repository, only what its row allows, and by package name; only the packages
 * named here may import a TensorFlow.js backend or sharp; every outside import is declared in its package.json.
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { repositoryRoot } from './lib/processes.mjs';
import { readManifest, sourceFiles, workspaceFolders } from './lib/workspace.mjs';

const BUILDING_BLOCKS = [
  '@eim/engine',
  '@eim/nn',
  '@eim/weights',
  '@eim/tokenizers',
  '@eim/images',
  '@eim/datasets',
];
const MODEL_SIDE = ['@eim/contracts', '@eim/core/testing', ...BUILDING_BLOCKS];

/** What each package may import of this repository. Packages that are not listed are model packages or benchmarks. */
const ALLOWED = {
  '@eim/contracts': [],
  '@eim/engine': ['@eim/contracts'],
  '@eim/nn': ['@eim/contracts', '@eim/engine'],
  '@eim/weights': ['@eim/contracts'],
  '@eim/tokenizers': ['@eim/contracts'],
  '@eim/images': ['@eim/contracts'],
  '@eim/datasets': ['@eim/contracts', '@eim/images'],
  '@eim/core': ['@eim/contracts', '@eim/engine', '@eim/weights', '@eim/images'],
  '@eim/report': ['@eim/contracts', '@eim/images'],
  '@eim/runs': [
    '@eim/contracts',
    '@eim/engine',
    '@eim/nn',
    '@eim/weights',
    '@eim/tokenizers',
    '@eim/images',
    '@eim/core',
    '@eim/benchmarks',
    '@eim/report',
    '@eim/datasets',
  ],
};
/** Apps and examples join everything. */
const FREE = (folder) => /^(apps|examples)\//.test(folder);
const BACKEND = /^@tensorflow\/(tfjs-backend-|tfjs-node|tfjs$)|^webgpu$/;
const MAY_NAME = [
  [BACKEND, ['@eim/engine', '@eim/bench']],
  [/^sharp$/, ['@eim/images']],
];

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)(['"])([^'"\n]+)\1/g;

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const withoutComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');

const broken = [];
let files = 0;
for (const folder of workspaceFolders()) {
  const manifest = readManifest(folder);
  const declared = new Set(
    ['dependencies', 'peerDependencies', 'devDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    ),
  );
  const rootDeclared = new Set(Object.keys(readManifest(repositoryRoot).devDependencies));
  const here = relative(repositoryRoot, folder);
  const allowed = ALLOWED[manifest.name] ?? MODEL_SIDE;
  for (const file of sourceFiles(folder)) {
    files++;
    const where = relative(repositoryRoot, file);
    const isTest = /\.(test|test-d)\.ts$|\/test\/|tsup\.config\.ts$/.test(where);
    for (const [, , specifier] of withoutComments(readFileSync(file, 'utf8')).matchAll(SPECIFIER)) {
      if (specifier.startsWith('.')) {
        const target = resolve(dirname(file), specifier);
        const leaves = relative(folder, target).startsWith('..');
        if (leaves && !relative(repositoryRoot, target).startsWith('tools/'))
          broken.push(`${where}: ${specifier} leaves its package; import it by package name`);
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
}
if (broken.length > 0) {
  console.error(broken.join('\n'));
  console.error(`The dependency law is broken in ${broken.length} place(s); see docs/architecture.md.`);
  process.exit(1);
}
console.log(`dependency law: ${files} files, no breach`);
