export { decodeText } from './decode-text.js';
export { idText } from './id-text.js';
export { bytesOf, JsonLists } from './json-lists.js';
export { type JsonRules, PYTHON_RULES, recordOf } from './json-rules.js';
export { JsonSyntaxError } from './json-syntax-error.js';
export { parseJson } from './parse-json.js';
export { parseJsonFile, type SourceText, textOf } from './parse-json-file.js';
export { type JsonLine, parseJsonLines } from './parse-json-lines.js';
export { shownJson } from './shown-json.js';
