import { useState } from 'react';
import { keepSettings, readSettings, type Settings } from './settings.js';

/** The settings of this browser. */
export function useSettings(): [Settings, (settings: Settings) => void] {
  const [settings, setSettings] = useState(() => readSettings(localStorage));
  const change = (changed: Settings) => {
    setSettings(changed);
    keepSettings(localStorage, changed);
  };
  return [settings, change];
}
