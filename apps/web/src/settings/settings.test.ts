import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, keepSettings, readSettings } from './settings.js';

const holding = (text: string | null) => ({ getItem: () => text });

test('settings come back, and what is damaged has its default', () => {
  let kept = '';
  const changed = { system: 'Be brief.', temperature: 0.7, maxNewTokens: 9 };
  keepSettings({ setItem: (_, text) => (kept = text) }, changed);
  expect(readSettings(holding(kept))).toEqual(changed);
  for (const text of [null, 'null', '{', '[]', '{"temperature": 9, "maxNewTokens": 1.5, "system": 3}']) {
    expect(readSettings(holding(text))).toEqual(DEFAULT_SETTINGS);
  }
});
