/**
 * The platform's `AbortSignal`, whichever type library declares it (lib.dom or @types/node). In projects with
 * neither, the part of it that EIM uses, so that the packages type-check there too.
 */
export type AbortSignalLike = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean; readonly reason: unknown; throwIfAborted(): void };
