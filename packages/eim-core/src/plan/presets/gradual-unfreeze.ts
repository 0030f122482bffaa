import { jointSettings } from './joint-settings.js';
import type { PresetOptions, PresetResult } from './preset-options.js';
import { stagedSegments } from './staged-segments.js';

/** The rate of encoder and LLM as a share of the ST's, which is new. */
const UNFROZEN_RATE = 0.1;
/** From block to block. Over a dozen of them it comes near the ratio that 1 / 2.6 gives over ULMFiT's four layers. */
const LAYER_DECAY = 0.8;

/**
 * Gradual unfreezing (Howard & Ruder 2018, ULMFiT, section 3.3) with discriminative rates (section 3.2): the ST alone, then
 * with the last quarter of the LLM's blocks, then with the last half, then all parts. The steps are divided evenly.
 * `select.llm` is `full` or `frozen`, as the blocks are this preset's own choice; a frozen LLM leaves out their segments. Reads
 * all options but `epochs` and `warmupSteps`.
 */
export function gradualUnfreezeSegments(options: PresetOptions): PresetResult {
  const { learn, learningRate } = jointSettings(options);
  const { llm = 'full' } = options.select ?? {};
  if (llm !== 'full' && llm !== 'frozen') {
    const message = "must be 'full' or 'frozen': this preset chooses the LLM's blocks itself";
    return { issue: { path: 'select.llm', message } };
  }
  const unfrozen = (part: 'encoder' | 'llm', lastBlocks?: string) =>
    learn(part, learningRate * UNFROZEN_RATE, {
      layerDecay: LAYER_DECAY,
      ...(lastBlocks !== undefined && { select: { lastBlocks } }),
    });
  const blocks = [
    { name: 'last-blocks', learn: { ...learn('st'), ...unfrozen('llm', '25%') } },
    { name: 'more-blocks', learn: { ...learn('st'), ...unfrozen('llm', '50%') } },
  ];
  return stagedSegments(options, [
    { name: 'st', learn: learn('st') },
    ...(llm === 'full' ? blocks : []),
    { name: 'all', learn: { ...unfrozen('encoder'), ...learn('st'), ...unfrozen('llm') } },
  ]);
}
