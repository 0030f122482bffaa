/** What went wrong, in one word that programs can test. */
export type EimErrorCode =
  | 'invalid-argument'
  | 'invalid-config'
  | 'invalid-file'
  | 'invalid-data'
  | 'missing-file'
  | 'missing-package'
  | 'width-mismatch'
  | 'contract-mismatch'
  | 'plugin-not-found'
  | 'plugin-conflict'
  | 'engine-unavailable'
  | 'missing-kernel'
  | 'numeric-failure'
  | 'invariant-violated'
  | 'out-of-memory'
  | 'storage-failed'
  | 'network-failed'
  | 'cluster-failed'
  | 'access-refused'
  | 'interrupted';

/** Errors that the user can mend by changing what was asked for; the command exits with 2 on them. */
const USER_MISTAKES: ReadonlySet<EimErrorCode> = new Set([
  'invalid-argument',
  'invalid-config',
  'invalid-file',
  'invalid-data',
  'missing-file',
  'missing-package',
  'width-mismatch',
  'contract-mismatch',
  'plugin-not-found',
  'plugin-conflict',
  'engine-unavailable',
  'access-refused',
]);

export interface EimErrorDetails {
  readonly code: EimErrorCode;
  /** One sentence: what was wrong, and where. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly advice?: string;
  /** The values that the message mentions, for programs. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Marks errors of every copy of this package in a process; `instanceof` knows only its own copy's. */
const marker: unique symbol = Symbol.for('eim.error') as never;

/**
 * The one error class of all EIM packages.
 * @example
 * throw new EimError({
 *   code: 'missing-file',
 *   message: 'pictures/7.jpg is not there.',
 *   advice: 'Check the caption file.',
 * });
 */
export class EimError extends Error {
  override readonly name = 'EimError';
  readonly code: EimErrorCode;
  readonly advice: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly [marker] = true;

  constructor({ code, message, advice, data, cause }: EimErrorDetails) {
    super(advice ? `${message} ${advice}` : message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
    this.data = data ?? {};
  }

  /** True where the user, not the program, has to change something. */
  get isUserMistake(): boolean {
    return USER_MISTAKES.has(this.code);
  }

  /**
   * Recognises an EimError from any copy of this package.
   * @example
   * if (EimError.isInstance(error)) console.error(error.code, error.advice);
   */
  static isInstance(error: unknown): error is EimError {
    return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[marker] === true;
  }
}
