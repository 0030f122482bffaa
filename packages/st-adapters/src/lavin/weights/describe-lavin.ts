import type { WeightsDescription } from '@eim/contracts';
import type { LavinOptionsInput } from '../lavin-options.js';
import { requireLavin } from './lavin-layout.js';

/** Layers of LLaMA-13B, with which LaVIN's routers have the temperature 5; with others 10. */
const LAYERS_13B = 40;

/**
 * Options of a LaVIN checkpoint, as its shapes tell. The temperature of the routers, the scale of the adapters and the interval
 * of class tokens are not in the tensors (the `args` beside them are an object, which is passed over): the temperature is that of
 * the published script for so many layers, the rest as published.
 * @throws EimError `invalid-file` where the weights are not LaVIN's
 */
export function describeLavin(weights: WeightsDescription): LavinOptionsInput {
  const { prefix } = requireLavin(weights);
  const shape = (name: string): readonly number[] =>
    weights.has(prefix + name) ? weights.info(prefix + name).shape : [];
  const [adapterSize = 0] = shape('layers.0.adapter_attn.conv_A.weight');
  const [, channels = adapterSize] = shape('layers.0.adapter_attn.conv_B.weight');
  const layers = weights.tensorNames.filter((name) =>
    /^layers\.\d+\.adapter_attn\.conv_A\.weight$/.test(name.slice(prefix.length)),
  ).length;
  return {
    adapterSize,
    groups: adapterSize / channels,
    projectionSize: shape('adapter_proj.conv_A.weight')[0] ?? 0,
    temperature: layers === LAYERS_13B ? 5 : 10,
    encoderAdapters: weights.tensorNames.some((name) => name.startsWith(`${prefix}backbone.`)),
  };
}
