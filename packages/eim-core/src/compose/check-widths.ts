import { EimError } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import type { PartName, PartPackages } from './composed-model.js';

/** Two parts that do not fit, with the numbers of both. */
export interface WidthMismatch {
  readonly width: string;
  readonly parts: readonly [PartName, PartName];
  readonly numbers: readonly [number, number];
  readonly message: string;
}

/** @throws EimError `width-mismatch` with every {@link WidthMismatch} in `data.mismatches` */
export function checkWidths(parts: ModelParts, packages: PartPackages, maxTextLength?: number): void {
  const mismatches = findWidthMismatches(parts, packages, maxTextLength);
  if (mismatches.length === 0) return;
  throw new EimError({
    code: 'width-mismatch',
    message: mismatches.map(({ message }) => message).join(' '),
    advice: 'Change the options of one of the parts so that both numbers agree.',
    data: { mismatches },
  });
}

function findWidthMismatches(
  { encoder, st, llm }: ModelParts,
  packages: PartPackages,
  maxTextLength: number | undefined,
): WidthMismatch[] {
  const called = (part: PartName) => {
    const name = part === 'st' ? 'ST' : part === 'llm' ? 'LLM' : 'encoder';
    return packages[part] ? `${name} (${packages[part]})` : name;
  };
  const found: WidthMismatch[] = [];

  const mustEqual = (width: string, wanted: number | undefined, neighbour: PartName, actual: number) => {
    if (wanted === undefined || wanted === actual) return;
    const message = `The ${called('st')} expects ${width} ${wanted}, but the ${called(neighbour)} has ${actual}.`;
    found.push({ width, parts: ['st', neighbour], numbers: [wanted, actual], message });
  };
  mustEqual('pooledSize', st.widths.pooledSize, 'encoder', encoder.pooledSize);
  mustEqual('tokenSize', st.widths.tokenSize, 'encoder', encoder.tokenSize);
  mustEqual('tokenCount', st.widths.tokenCount, 'encoder', encoder.tokenCount);
  mustEqual('hiddenSize', st.widths.hiddenSize, 'llm', llm.hiddenSize);

  const deepest = Math.max(0, ...(st.hiddenLayers ?? []));
  if (deepest > encoder.blockCount) {
    const message = `The ${called('st')} reads the output of block ${deepest}, but the ${called('encoder')} has ${encoder.blockCount}.`;
    found.push({
      width: 'blockCount',
      parts: ['st', 'encoder'],
      numbers: [deepest, encoder.blockCount],
      message,
    });
  }

  const longest = st.prefixLength + (maxTextLength ?? 0);
  if (longest > llm.contextLength) {
    const text = maxTextLength === undefined ? '' : ` and texts of up to ${maxTextLength} tokens`;
    const message = `The ${called('st')} puts ${st.prefixLength} slots before the text${text}, ${longest} positions together, but the ${called('llm')} has ${llm.contextLength}.`;
    found.push({
      width: 'contextLength',
      parts: ['st', 'llm'],
      numbers: [longest, llm.contextLength],
      message,
    });
  }
  return found;
}
