import { type FormEvent, useState } from 'react';
import type { ModelsState } from '../talk/use-models.js';

interface OpeningProps {
  readonly state: Exclude<ModelsState, { kind: 'ready' }>;
  readonly onRetry: () => void;
  readonly onKey: (key: string) => void;
}

/** What stands in the place of a conversation until there is somebody to talk with. */
export function Opening({ state, onRetry, onKey }: OpeningProps) {
  return (
    <section className="opening" aria-live="polite">
      {state.kind === 'loading' && <Loading progress={state.progress} />}
      {state.kind === 'key' && <KeyForm fault={state.fault} onKey={onKey} />}
      {state.kind === 'failed' && (
        <>
          <p className="fault">{state.fault}</p>
          <button type="button" className="primary" onClick={onRetry}>
            Try again
          </button>
        </>
      )}
    </section>
  );
}

function Loading({ progress }: Pick<Extract<ModelsState, { kind: 'loading' }>, 'progress'>) {
  if (progress === undefined) return <p>Opening …</p>;
  const { label, done, total } = progress;
  return (
    <>
      <p>{label}</p>
      <progress aria-label={label} value={done} max={total} />
    </>
  );
}

function KeyForm({
  fault,
  onKey,
}: {
  readonly fault: string | undefined;
  readonly onKey: (key: string) => void;
}) {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onKey(key);
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor="key">This server asks for a key.</label>
      <input
        id="key"
        type="password"
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      {fault && <p className="fault">{fault}</p>}
      <button type="submit" className="primary" disabled={key === ''}>
        Open
      </button>
    </form>
  );
}
