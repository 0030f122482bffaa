import { normalisedProject } from '../model-name.js';

/** What the name of a wheel says. */
export interface WheelName {
  readonly project: string;
  readonly version: string;
  /** Whether it is for every system. */
  readonly isUniversal: boolean;
}

/** Reads the name of a wheel: `{project}-{version}[-{build}]-{python}-{abi}-{platform}.whl`. */
export function readWheelName(filename: string): WheelName | undefined {
  const parts = /^(.+)\.whl$/i.exec(filename)?.[1]?.split('-') ?? [];
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  return {
    project: normalisedProject(parts[0]!),
    version: parts[1]!,
    isUniversal: parts.at(-1) === 'any' && parts.at(-2) === 'none',
  };
}

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/alpha/g, 'a'],
  [/beta/g, 'b'],
  [/preview|pre|(?<![a-z])c(?=[\d.]|$)/g, 'rc'],
  [/rev|(?<=[.\d])r(?=\d)/g, 'post'],
];

/** Whether two versions are one, by the rules of PEP 440: `1.0` is `v1.0.0`, and `1.0-alpha.1` is `1.0a1`. */
export function isSameVersion(one: string, other: string): boolean {
  return normalisedVersion(one) === normalisedVersion(other);
}

function normalisedVersion(version: string): string {
  let text = version.trim().toLowerCase().replace(/^v/, '').replace(/^0!/, '');
  const [publicPart = '', local] = text.split('+');
  text = SPELLINGS.reduce((spelled, [pattern, word]) => spelled.replace(pattern, word), publicPart);
  text = text.replace(/^([\d!.]*\d)-(\d+)$/, '$1.post$2');
  text = text.replace(
    /[-_.]?(a|b|rc|post|dev)[-_.]?(\d*)/g,
    (_, word, number) => `.${word}${Number(number || 0)}`,
  );
  const [, release = text, rest = ''] = /^((?:\d+!)?\d+(?:\.\d+)*)(.*)$/.exec(text) ?? [];
  const numbers = release.replace(/(?<=^|[.!])0+(?=\d)/g, '').replace(/(\.0)+$/, '');
  return `${numbers}${rest}${local === undefined ? '' : `+${local.replace(/[-_]/g, '.')}`}`;
}
