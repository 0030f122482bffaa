import { EimError, type WeightsDescription } from '@eim/contracts';

/** The generations of LLaMA-Adapter's files. */
export type LlamaAdapterVersion = 1 | 2;

type Names = Pick<WeightsDescription, 'tensorNames' | 'has'>;

const PROMPTS = 'adapter_query.weight';
const VISUAL_QUERY = 'visual_query.weight';
/** The prompts of V1's captioning file, whose program was never published. */
const CAPTION_PROMPTS = 'cap_adapter_query.weight';

/** Which LLaMA-Adapter weights are of, whether or not LLaMA lies in the same file; undefined of all others. */
export function findLlamaAdapter({ has }: Names): LlamaAdapterVersion | undefined {
  if (!has(PROMPTS)) return undefined;
  return has(VISUAL_QUERY) ? 2 : 1;
}

/** Whether weights hold this LLaMA-Adapter, by their names. */
export const recogniseLlamaAdapter =
  (version: LlamaAdapterVersion) =>
  (weights: WeightsDescription): boolean =>
    findLlamaAdapter(weights) === version;

const ENTRIES = { 1: 'llama-adapter', 2: 'llama-adapter-v2' } as const;

/** @throws EimError `invalid-file` that says what is there instead */
export function requireLlamaAdapter(
  weights: Names & Pick<WeightsDescription, 'name'>,
  version: LlamaAdapterVersion,
): void {
  const found = findLlamaAdapter(weights);
  if (found === version) return;
  const what =
    found !== undefined
      ? `LLaMA-Adapter V${found}, not V${version}`
      : weights.has(CAPTION_PROMPTS)
        ? `LLaMA-Adapter V1's captioning model (${CAPTION_PROMPTS}), whose program was never published, so that nothing says how it reads pictures`
        : `no LLaMA-Adapter: it has no ${PROMPTS}`;
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds ${what}.`,
    advice:
      found === undefined
        ? "Give an adapter file or a checkpoint as LLaMA-Adapter's programs save them."
        : `Read it with '@eim/st-adapters/${ENTRIES[found]}'.`,
    data: { file: weights.name, expected: version, found },
  });
}

/** Published name of a block's gate, `llama.` before it in V2. */
export const gateName = (block: number, prefix = ''): string => `${prefix}layers.${block}.attention.gate`;

/** Blocks of the LLM that a file was made for: as many as it has gates. */
export const gateCount = ({ tensorNames }: Names, prefix = ''): number =>
  tensorNames.filter(
    (name) => name.startsWith(prefix) && /^layers\.\d+\.attention\.gate$/.test(name.slice(prefix.length)),
  ).length;
