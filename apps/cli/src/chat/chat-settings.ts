import { argumentError, suggest } from '@eim/runs/arguments';
import { kebabCase, optionValue } from '../command/parse-arguments.js';
import { DECODING_OPTIONS } from '../commands/options.js';

/** What `/set` changes, beside how tokens are chosen. */
export const MAX_NEW_TOKENS_OPTION = {
  type: 'integer',
  placeholder: 'N',
  description: 'longest answer in tokens (default: 256)',
  minimum: 1,
} as const;

const OPTIONS = { ...DECODING_OPTIONS, maxNewTokens: MAX_NEW_TOKENS_OPTION };
type SettingName = keyof typeof OPTIONS;
const DEFAULT_NEW_TOKENS = 256;

/** Values of the settings by their names; those that are absent have their defaults. */
export type ChatSettings = { readonly [Name in SettingName]?: number | undefined } & {
  readonly maxNewTokens: number;
};

/** The settings among the options of the command. */
export function chatSettings(options: { readonly [Name in SettingName]?: number | undefined }): ChatSettings {
  const names = Object.keys(OPTIONS) as SettingName[];
  const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return { maxNewTokens: DEFAULT_NEW_TOKENS, ...Object.fromEntries(given) };
}

/**
 * Settings with another value, as `/set NAME VALUE` gives it; `default` takes it back.
 * @throws EimError `invalid-argument` naming the setting or its value
 */
export function changeSetting(settings: ChatSettings, flag: string, value: string | undefined): ChatSettings {
  const names = Object.keys(OPTIONS) as SettingName[];
  const name = names.find((each) => kebabCase(each) === flag.replace(/^--/, '') || each === flag);
  if (name === undefined) {
    const meant = suggest(flag, names.map(kebabCase));
    throw argumentError(
      `There is no setting "${flag}".`,
      meant ? `Did you mean ${meant}?` : `Settings are ${names.map(kebabCase).join(', ')}.`,
    );
  }
  const read = value === 'default' ? undefined : optionValue(`/set ${kebabCase(name)}`, OPTIONS[name], value);
  return chatSettings({ ...settings, [name]: read });
}

/** A line for each setting. */
export function settingsText(settings: ChatSettings): string {
  const rows = (Object.keys(OPTIONS) as SettingName[]).map(
    (name) =>
      `${kebabCase(name).padEnd(20)}${String(settings[name] ?? 'default').padEnd(10)}${OPTIONS[name].description}`,
  );
  return rows.join('\n');
}
