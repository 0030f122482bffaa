import type { WeightsDescription } from '@eim/contracts';
import type { ClipSide } from './clip-part.js';

type Config = Readonly<Record<string, unknown>>;

/**
 * What a `config.json` says of one tower. A tower that was published alone has no sections. Where an older version also
 * wrote `vision_config_dict`, it counts alone: what it leaves out is the library's default, not what `vision_config` says
 * (transformers, `CLIPConfig`).
 */
export function towerConfig(config: WeightsDescription['config'], side: ClipSide): Config {
  const { [`${side}_config`]: section, [`${side}_config_dict`]: older, model_type: type } = config;
  if (type === 'clip_vision_model' || type === 'clip_text_model') return config;
  const found = (older ?? section) as Config | null | undefined;
  if (found) return found;
  return type === 'clip' ? {} : config;
}
