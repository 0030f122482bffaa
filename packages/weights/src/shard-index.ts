import { parseJson } from '@eim/contracts/json';
import { fileFault } from './file-fault.js';

/** Which file of a sharded checkpoint holds each tensor. */
export interface ShardIndex {
  /** File name by tensor name, in the order of the index. */
  readonly shardOf: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The index of the largest published checkpoints has under 10 MB. */
export const MAXIMUM_INDEX_BYTES = 100_000_000;

/**
 * Reads a `*.index.json` as transformers writes it beside sharded weights: `{metadata, weight_map}`.
 * @param file for messages
 * @throws EimError `invalid-file` that names the file and the fault
 */
export function readShardIndex(json: string, file: string): ShardIndex {
  let index: unknown;
  try {
    index = parseJson(json);
  } catch (cause) {
    throw fileFault(file, `it is not valid JSON (${(cause as Error).message})`, {}, cause);
  }
  if (!isRecord(index) || !isRecord(index.weight_map)) {
    throw fileFault(file, 'it has no `weight_map` from tensors to files');
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(index.weight_map)) {
    if (typeof shard !== 'string' || !isPlainFileName(shard)) {
      const fault = `it puts tensor "${tensor}" into ${JSON.stringify(shard)}, which is no file beside it`;
      throw fileFault(file, fault, { tensor, shard });
    }
    shardOf.set(tensor, shard);
  }
  return { shardOf, metadata: isRecord(index.metadata) ? index.metadata : {} };
}

/** An index comes with a download; it must not make anything outside its folder be read. */
function isPlainFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0:]/.test(name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
