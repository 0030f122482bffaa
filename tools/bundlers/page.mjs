import { captionOnce } from './program.mjs';

/** The page's script: what the program saw, or its error, goes back to the server. */
captionOnce()
  .catch((error) => ({ error: error instanceof Error ? error.stack : String(error) }))
  .then((answer) => fetch('/answer', { method: 'POST', body: JSON.stringify(answer) }));
