export { hasTokenizer, openTokenizer, tokenizerIn } from './open-tokenizer.js';
