/** What a page needs to answer by itself: nothing here names Node. */
export { type AnswerPiecesOptions, answerPieces } from './chat/answer-pieces.js';
export type { OpenedChatModel } from './chat/opened-chat-model.js';
export type { PluginPackages } from './context.js';
export { ExportedFiles } from './in-page/exported-files.js';
export { openExportedModel } from './in-page/open-exported-model.js';
export { type FetchFile, ShardReader } from './in-page/shard-reader.js';
export {
  parseWebManifest,
  WEB_MANIFEST_FILE,
  type WebContents,
  type WebManifest,
} from './in-page/web-manifest.js';
