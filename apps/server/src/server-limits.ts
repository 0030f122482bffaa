/** What one client, and all of them together, may use. */
export interface ServerLimits {
  /** Bytes of a request's body. @default 16 MiB */
  readonly bodyBytes?: number | undefined;
  /** Bytes of all bodies that are being read at once. @default 256 MiB */
  readonly allBodiesBytes?: number | undefined;
  /** Bytes of a picture's file. @default 10 MiB */
  readonly pictureBytes?: number | undefined;
  /** Pixels of a picture, checked before it is decoded. @default 25 million */
  readonly picturePixels?: number | undefined;
  /** New tokens of an answer; also how many there are where a chat request does not say. @default 1024 */
  readonly newTokens?: number | undefined;
  /** Answers to one prompt (`n`). @default 8 */
  readonly choices?: number | undefined;
  /** Prompts in one request. @default 16 */
  readonly prompts?: number | undefined;
  /** From a request's arrival to the end of its answer, in seconds. @default 600 */
  readonly seconds?: number | undefined;
  /** For a request to arrive, in seconds. @default 60 */
  readonly arrivalSeconds?: number | undefined;
  /** Connections at once. @default 1024 */
  readonly connections?: number | undefined;
}

export type CompleteServerLimits = { readonly [Name in keyof ServerLimits]-?: number };

const MEBIBYTE = 1024 * 1024;
const DEFAULTS: CompleteServerLimits = {
  bodyBytes: 16 * MEBIBYTE,
  allBodiesBytes: 256 * MEBIBYTE,
  pictureBytes: 10 * MEBIBYTE,
  picturePixels: 25_000_000,
  newTokens: 1024,
  choices: 8,
  prompts: 16,
  seconds: 600,
  arrivalSeconds: 60,
  connections: 1024,
};

/** Every default filled in. */
export function completeServerLimits(limits: ServerLimits = {}): CompleteServerLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
