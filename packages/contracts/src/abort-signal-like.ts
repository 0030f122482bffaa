/**
 * The platform's `AbortSignal`, whichever library of types declares it (lib.dom or @types/node); what EIM uses of it
 * in projects that have neither, so that the packages type-check there too.
 */
export type AbortSignalLike = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean; readonly reason: unknown; throwIfAborted(): void };
