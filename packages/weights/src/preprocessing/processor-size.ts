import type { ConfigReader } from '../mapping/config-reader.js';

/** What a `size` asks for. */
export type ProcessorSize =
  | { readonly shortestEdge: number }
  | { readonly width: number; readonly height: number };

const isSide = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

/**
 * `size` as transformers takes it: `224` and `{shortest_edge: 224}` keep the aspect, `[224, 256]` and
 * `{height: 224, width: 256}` do not. Version 5 gives `{shortest_edge, longest_edge}` another meaning than version 4, and
 * neither resizes to a `longest_edge` alone, so both are refused.
 */
export function readSize(reader: ConfigReader, value: unknown, preset: number): ProcessorSize {
  if (value === undefined || value === null) return { shortestEdge: preset };
  if (isSide(value)) return { shortestEdge: value };
  const pair = readPair(value);
  if (pair) return pair;
  const keys = Object.keys(value);
  const { shortest_edge: edge } = value as Record<string, unknown>;
  if (keys.length === 1 && isSide(edge)) return { shortestEdge: edge };
  reader.fault(
    `size is ${JSON.stringify(value)}; only a shortest_edge, or height and width, in whole pixels is supported`,
  );
  return { shortestEdge: preset };
}

/** `crop_size`: a number is a square. @returns its side; undefined where it is refused */
export function readCrop(reader: ConfigReader, value: unknown, preset: number): number | undefined {
  const pair = isSide(value)
    ? { width: value, height: value }
    : value === undefined || value === null
      ? { width: preset, height: preset }
      : readPair(value);
  if (pair && pair.width === pair.height) return pair.width;
  reader.fault(`crop_size is ${JSON.stringify(value)}; only a square in whole pixels is supported`);
  return undefined;
}

/** `[height, width]` or `{height, width}`. */
function readPair(value: unknown): { readonly width: number; readonly height: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  if ((isList ? value : Object.keys(value)).length !== 2) return undefined;
  const { 0: first, 1: second, height = first, width = second } = value as Record<string, unknown>;
  return isSide(height) && isSide(width) ? { width, height } : undefined;
}
