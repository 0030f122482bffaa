import { useId, useRef } from 'react';
import type { Settings } from '../settings/settings.js';
import { IconButton } from './icon-button.js';

interface SettingsButtonProps {
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
}

/** Opens a dialog of how answers are asked for. Changes hold from the next question on. */
export function SettingsButton({ settings, onSettings }: SettingsButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { system, temperature, maxNewTokens } = settings;
  return (
    <>
      <IconButton icon="settings" label="Settings" onClick={() => dialog.current?.showModal()} />
      <dialog ref={dialog} className="settings" aria-labelledby={`${id}-title`}>
        <form method="dialog">
          <h2 id={`${id}-title`}>Settings</h2>
          <label htmlFor={`${id}-system`}>System message</label>
          <textarea
            id={`${id}-system`}
            rows={3}
            value={system}
            onChange={(event) => onSettings({ ...settings, system: event.target.value })}
          />
          <label htmlFor={`${id}-temperature`}>
            Temperature <output>{temperature === 0 ? '0, always the likeliest word' : temperature}</output>
          </label>
          <input
            id={`${id}-temperature`}
            type="range"
            min={0}
            max={2}
            step={0.1}
            value={temperature}
            onChange={(event) => onSettings({ ...settings, temperature: event.target.valueAsNumber })}
          />
          <label htmlFor={`${id}-longest`}>Longest answer, in tokens</label>
          <input
            id={`${id}-longest`}
            type="number"
            min={1}
            max={1024}
            value={maxNewTokens}
            onChange={({ target: { valueAsNumber: count } }) => {
              if (Number.isInteger(count) && count >= 1) onSettings({ ...settings, maxNewTokens: count });
            }}
          />
          <button type="submit" className="primary">
            Done
          </button>
        </form>
      </dialog>
    </>
  );
}
