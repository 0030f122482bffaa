export { type JsonRules, PYTHON_RULES, recordOf } from './json-rules.js';
export { JsonSyntaxError } from './json-syntax-error.js';
export { parseJson } from './parse-json.js';
