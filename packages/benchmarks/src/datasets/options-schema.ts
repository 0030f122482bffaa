import type { OptionsSchema } from '@eim/contracts';

/** How one option is checked. */
export interface OptionField<Value> {
  /** What is wrong with the value, in words; undefined where nothing is. */
  readonly fault: (value: unknown) => string | undefined;
  /** Taken where the option is absent. Without a default, `optional` says whether it may be. */
  readonly default?: Value;
  readonly optional?: boolean;
}

export const textOption = (more: { optional?: boolean } = {}): OptionField<string> => ({
  fault: (value) => (typeof value === 'string' && value !== '' ? undefined : 'has to be a text'),
  ...more,
});

export const choiceOption = <Value extends string>(
  values: readonly Value[],
  usual: NoInfer<Value>,
): OptionField<Value> => ({
  fault: (value) =>
    (values as readonly unknown[]).includes(value) ? undefined : `has to be one of ${values.join(', ')}`,
  default: usual,
});

export const flagOption = (usual: boolean): OptionField<boolean> => ({
  fault: (value) => (typeof value === 'boolean' ? undefined : 'has to be true or false'),
  default: usual,
});

export const countOption: OptionField<number> = {
  fault: (value) =>
    Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'has to be a whole number from 1 on',
  optional: true,
};

/**
 * A schema of options for data sets, without a schema library, so that this package stays small. Options that are not
 * among the fields are mistakes.
 */
export function optionsSchema<Settings extends object>(
  fields: {
    readonly [Name in keyof Settings]-?: OptionField<NonNullable<Settings[Name]>>;
  },
): OptionsSchema<Settings> {
  const known = Object.entries(fields) as [string, OptionField<unknown>][];
  return {
    safeParse(input) {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        return {
          success: false,
          error: { issues: [{ path: [], message: 'has to be an object of options' }] },
        };
      }
      const given = input as Record<string, unknown>;
      const issues: { path: string[]; message: string }[] = [];
      const settings: Record<string, unknown> = {};
      for (const [name, field] of known) {
        const value = given[name] ?? field.default;
        if (value === undefined && field.optional) continue;
        const message = value === undefined ? 'is missing' : field.fault(value);
        if (message) issues.push({ path: [name], message });
        else settings[name] = value;
      }
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(fields, name)) issues.push({ path: [name], message: 'is no option here' });
      }
      return issues.length > 0
        ? { success: false, error: { issues } }
        : { success: true, data: settings as Settings };
    },
  };
}
