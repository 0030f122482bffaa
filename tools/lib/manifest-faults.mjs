import { relative } from 'node:path';
import { repositoryRoot } from './processes.mjs';

const ADDRESS = 'https://github.com/eim-typescript/eim';
/** TensorFlow.js' backends change results and are not interchangeable between versions: these alone are pinned. */
const PINNED = /^@tensorflow\/tfjs-backend-/;

/** Newer minor versions of these need a newer Node than we do. */
const WITHIN_MINOR = /^vega-lite$/;

/** What is wrong with the package.json that lies in the repository. */
export function sourceManifestFaults({ manifest, folder }) {
  const faults = [];
  const directory = relative(repositoryRoot, folder);
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) =>
    /^(pre|post)?install$|^prepare$/.test(name),
  );
  if (scripts.length > 0) faults.push(`has an install script (${scripts.join(', ')})`);
  if (manifest.repository?.url !== `git+${ADDRESS}.git` || manifest.repository.directory !== directory)
    faults.push(`its repository is not ${ADDRESS}, directory ${directory}`);
  if (manifest.homepage !== `${ADDRESS}/tree/main/${directory}#readme`)
    faults.push('its homepage is not its README');
  if (manifest.bugs !== `${ADDRESS}/issues`) faults.push(`its bugs do not go to ${ADDRESS}/issues`);
  if (!manifest.keywords?.includes('eim') || manifest.keywords.length < 3)
    faults.push("it has too few keywords, or not 'eim'");
  return faults;
}

/** What is wrong with the package.json that npm unpacked: its versions must mean something outside the repository. */
export function publishedManifestFaults({ dependencies, peerDependencies }) {
  const faults = [];
  for (const [other, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    const pinned = PINNED.test(other) && dependencies?.[other] !== undefined;
    const sign = pinned ? '' : WITHIN_MINOR.test(other) ? '~' : '^';
    if (!range.startsWith(sign) || !/^\d+\.\d+\.\d+$/.test(range.slice(sign.length)))
      faults.push(`asks for ${other} ${range}, and should ask for ${sign}x.y.z`);
  }
  return faults;
}
