import './styles/base.css';
import './styles/layout.css';
import './styles/message.css';
import './styles/composer.css';
import './styles/settings.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import type { Talker } from './talk/talker.js';

/** Shows the page in the document. */
export function showPage(talker: Talker): void {
  createRoot(document.getElementById('page')!).render(
    <StrictMode>
      <App talker={talker} />
    </StrictMode>,
  );
}
