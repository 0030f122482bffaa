import type { Terminal } from '../command/terminal.js';

/** What caption metrics need besides captions, and is not part of this project. */
export interface MetricSources {
  /** METEOR's jar or folder. */
  readonly meteor: string | undefined;
  /** SPICE's jar or folder. */
  readonly spice: string | undefined;
  /** A CLIP with both towers, as SPEC. */
  readonly clip: string | undefined;
  /** CLIP's vocabulary, where it is not beside the weights. */
  readonly clipTokenizer: string | undefined;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Options of a command, else the environment's variables. */
export function metricSources(
  options: Partial<Pick<MetricSources, 'meteor' | 'spice' | 'clip' | 'clipTokenizer' | 'engine'>>,
  { terminal, signal }: Pick<MetricSources, 'terminal' | 'signal'>,
): MetricSources {
  const { EIM_METEOR, EIM_SPICE, EIM_CLIP } = terminal.environment;
  return {
    meteor: options.meteor ?? (EIM_METEOR || undefined),
    spice: options.spice ?? (EIM_SPICE || undefined),
    clip: options.clip ?? (EIM_CLIP || undefined),
    clipTokenizer: options.clipTokenizer,
    engine: options.engine,
    terminal,
    signal,
  };
}
