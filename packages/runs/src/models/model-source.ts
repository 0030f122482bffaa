/** A repository of a hub: `hf:owner/name@revision`. */
export interface HubSource {
  readonly kind: 'hub';
  readonly repository: string;
  /** A branch, a tag or a commit. Absent: `main`. */
  readonly revision?: string;
}

/** A wheel of a Python package index: `pypi:package==version`. */
export interface IndexSource {
  readonly kind: 'index';
  readonly project: string;
  readonly version: string;
}

/** One file at an address. */
export interface AddressSource {
  readonly kind: 'address';
  readonly url: string;
}

export type ModelSource = HubSource | IndexSource | AddressSource;

/** A source as it is typed. */
export function sourceText(source: ModelSource): string {
  if (source.kind === 'address') return source.url;
  if (source.kind === 'index') return `pypi:${source.project}==${source.version}`;
  return `hf:${source.repository}${source.revision === undefined ? '' : `@${source.revision}`}`;
}
