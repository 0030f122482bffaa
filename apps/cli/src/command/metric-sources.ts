import type { MetricSources } from '@eim/runs';
import { parseModelSpec } from './model-spec.js';
import type { Terminal } from './terminal.js';

/** What METEOR and SPICE need, from the options of a command or else from the environment. */
export function textMetricSources(
  { meteor, spice }: Pick<MetricSources, 'meteor' | 'spice'>,
  { environment: { EIM_METEOR, EIM_SPICE } }: Pick<Terminal, 'environment'>,
): Pick<MetricSources, 'meteor' | 'spice'> {
  return { meteor: meteor ?? (EIM_METEOR || undefined), spice: spice ?? (EIM_SPICE || undefined) };
}

/**
 * What METEOR, SPICE and CLIPScore need.
 * @throws EimError `invalid-argument` where --clip names no weights
 */
export function metricSources(options: MetricSources, terminal: Terminal): MetricSources {
  const clip = options.clip ?? (terminal.environment.EIM_CLIP || undefined);
  return {
    ...textMetricSources(options, terminal),
    clip: clip && parseModelSpec('--clip', clip, undefined, terminal.workingFolder).path,
    clipTokenizer: options.clipTokenizer,
  };
}
