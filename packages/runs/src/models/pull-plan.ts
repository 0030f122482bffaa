import type { Environment } from '../context.js';
import type { Installation } from './installed/manifest.js';
import type { NamedModel } from './model-name.js';

/** What pulling a model would do, for a person to look at first. */
export interface PullOffer {
  readonly name: string;
  /** `pypi:package==version`, `hf:owner/name@revision`, or an address. */
  readonly source: string;
  /** Who gives it: an index, a hub, a folder. */
  readonly from: string;
  /** Null where nobody states one. */
  readonly licence: string | null;
  /** To download; null where the server does not say. */
  readonly bytes: number | null;
  /** What will be kept, where it is known beforehand. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Where it will lie. */
  readonly folder: string;
  /** Further sentences for a person. */
  readonly notes: readonly string[];
}

/** What a source needs to know. */
export interface PullContext {
  readonly named: NamedModel;
  readonly environment: Environment;
  readonly include: readonly string[];
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
  readonly onProgress: (event: { label: string; done: number; total: number; detail?: string }) => void;
}

/** What was found out about a model, and how to go on. */
export interface PullPlan {
  readonly offer: PullOffer;
  /** Fetches it. Absent: nothing has to be fetched. */
  fetch(): Promise<Installation>;
  /** Ends connections. */
  close(): Promise<void>;
}
