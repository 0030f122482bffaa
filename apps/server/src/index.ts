export { type App, type AppOptions, createApp } from './create-app.js';
export { pageFolder } from './page/page-folder.js';
export { type Page, type PageFile, readPage } from './page/read-page.js';
export type { ServerLimits } from './server-limits.js';
export type { ServerState } from './server-state.js';
export { type RunningServer, type StartServerOptions, startServer } from './start-server.js';
