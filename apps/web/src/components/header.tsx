import type { Settings } from '../settings/settings.js';
import type { ModelFacts } from '../talk/talker.js';
import { IconButton } from './icon-button.js';
import { SettingsButton } from './settings-button.js';

interface HeaderProps {
  readonly models: readonly ModelFacts[];
  readonly model: ModelFacts | undefined;
  readonly onModel: (id: string) => void;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  readonly isListOpen: boolean;
  readonly onList: () => void;
}

/** Who is talked with, and on what it computes. */
export function Header({ models, model, onModel, settings, onSettings, isListOpen, onList }: HeaderProps) {
  return (
    <header className="header">
      <IconButton
        icon="menu"
        label="Chats"
        className="list-button"
        aria-expanded={isListOpen}
        aria-controls="chats"
        onClick={onList}
      />
      <div className="talked-with">
        <h1>
          {models.length > 1 ? (
            <select aria-label="Model" value={model?.id} onChange={(event) => onModel(event.target.value)}>
              {models.map(({ id }) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          ) : (
            (model?.id ?? 'EIM chat')
          )}
        </h1>
        {model && <p className="engine">{engineLine(model)}</p>}
      </div>
      <SettingsButton settings={settings} onSettings={onSettings} />
    </header>
  );
}

/** `wasm · CPU, WebAssembly with relaxed SIMD · 4 threads · context of 2048 tokens` */
function engineLine({ engine, contextLength }: ModelFacts): string {
  const threads = engine && (engine.threads === 1 ? '1 thread' : `${engine.threads} threads`);
  const computed = engine ? [engine.name, engine.device, threads] : [];
  return [...computed, `context of ${contextLength} tokens`].join(' · ');
}
