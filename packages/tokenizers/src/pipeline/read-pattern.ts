import { translateExpression } from '../expression/translate-expression.js';
import { escapeForRegExp } from '../published/split-at-specials.js';
import type { JsonFields } from './json-fields.js';

/**
 * A pattern of a component: `{"String": "..."}` for a text, `{"Regex": "..."}` for an expression.
 * @returns a global expression
 * @throws EimError where it is neither, or an expression that is not translated
 */
export function readPattern(component: JsonFields): RegExp {
  const pattern = component.fields('pattern');
  pattern.only('String', 'Regex');
  if (pattern.get('Regex') === undefined) {
    const text = pattern.text('String');
    if (text === '') throw pattern.unfit('String', 'a text of at least one character');
    return new RegExp(escapeForRegExp(text), 'gu');
  }
  const expression = translateExpression(pattern.text('Regex'));
  if (expression) return expression;
  throw pattern.unfit('Regex', 'an expression without back references, looking behind or nested repetitions');
}
