import type { ExportedGgufValue } from '@eim/contracts';

/** Keys of a GGUF file with their values. */
export type GgufKeys = Readonly<Record<string, ExportedGgufValue>>;
