import { useCallback, useEffect, useState } from 'react';
import { KeyNeeded, type LoadProgress, type ModelFacts, type Talker } from './talker.js';

/** Whether there is somebody to talk with. */
export type ModelsState =
  | { readonly kind: 'loading'; readonly progress?: LoadProgress | undefined }
  | { readonly kind: 'ready'; readonly models: readonly ModelFacts[] }
  | { readonly kind: 'key'; readonly fault?: string | undefined }
  | { readonly kind: 'failed'; readonly fault: string };

/** Opens a talker, and again with a key where it asks for one. */
export function useModels(talker: Talker): {
  readonly state: ModelsState;
  readonly retry: () => void;
  readonly giveKey: (key: string) => void;
} {
  const [state, setState] = useState<ModelsState>({ kind: 'loading' });

  const open = useCallback(
    (asksAgain = false) => {
      setState({ kind: 'loading' });
      talker
        .open((progress) => setState({ kind: 'loading', progress }))
        .then((models) => setState({ kind: 'ready', models }))
        .catch((error: Error) => {
          if (error instanceof KeyNeeded)
            setState({ kind: 'key', fault: asksAgain ? error.message : undefined });
          else setState({ kind: 'failed', fault: error.message });
        });
    },
    [talker],
  );
  useEffect(() => open(), [open]);

  const giveKey = (key: string) => {
    talker.giveKey?.(key);
    open(true);
  };
  return { state, retry: () => open(), giveKey };
}
