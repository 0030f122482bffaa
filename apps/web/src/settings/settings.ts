/** How answers are asked for. */
export interface Settings {
  /** Text before every conversation; '' for none. */
  readonly system: string;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly maxNewTokens: number;
}

export const DEFAULT_SETTINGS: Settings = { system: '', temperature: 0, maxNewTokens: 256 };

const KEY = 'eim-settings';

/** The settings that were kept; what is damaged or new has its default. */
export function readSettings(storage: Pick<Storage, 'getItem'>): Settings {
  let kept: Partial<Record<keyof Settings, unknown>> = {};
  try {
    kept = (JSON.parse(storage.getItem(KEY) ?? '{}') ?? {}) as typeof kept;
  } catch {
    // defaults
  }
  const { system, temperature, maxNewTokens } = kept;
  const isNumber = (value: unknown, least: number, most: number): value is number =>
    typeof value === 'number' && value >= least && value <= most;
  return {
    system: typeof system === 'string' ? system : DEFAULT_SETTINGS.system,
    temperature: isNumber(temperature, 0, 2) ? temperature : DEFAULT_SETTINGS.temperature,
    maxNewTokens:
      isNumber(maxNewTokens, 1, 1e6) && Number.isInteger(maxNewTokens)
        ? maxNewTokens
        : DEFAULT_SETTINGS.maxNewTokens,
  };
}

export function keepSettings(storage: Pick<Storage, 'setItem'>, settings: Settings): void {
  storage.setItem(KEY, JSON.stringify(settings));
}
