export { openChatTemplate, readChatTemplates } from './open-chat-template.js';
export { hasTokenizer, openTokenizer, tokenizerIn } from './open-tokenizer.js';
