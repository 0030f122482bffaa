export { chatTemplatesIn, openChatTemplate } from './open-chat-template.js';
export { hasTokenizer, openTokenizer, tokenizerIn } from './open-tokenizer.js';
