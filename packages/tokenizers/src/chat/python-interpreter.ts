import { Environment, Interpreter, type JinjaEnvironment, type JinjaValue } from './jinja-library.js';

const STATEMENTS = new Set([
  ...[
    'Program',
    'If',
    'For',
    'Set',
    'Macro',
    'Comment',
    'Break',
    'Continue',
    'CallStatement',
    'FilterStatement',
  ],
]);
/** Where statements keep what they write. */
const BODIES = ['body', 'alternate', 'defaultBlock'];
const ASTRAL = /[\u{10000}-\u{10ffff}]/u;

/** Parts of an expression, as far as they matter here. */
interface Parts {
  readonly operator?: { readonly value: string };
  readonly left?: object & { readonly type?: string };
  readonly right?: object & { readonly type?: string };
  readonly operand?: object & { readonly type?: string };
  readonly filter?: { readonly value?: unknown };
  readonly object?: object & { readonly type?: string };
  readonly property?: object & { readonly type?: string };
}

/**
 * Runs a template as Jinja does in Python where the library writes something else without a word: truth values and none are
 * written by their Python names, lengths are those of code points, and what Python would refuse, or write in its own
 * notation, is an error.
 */
export class PythonInterpreter extends Interpreter {
  /** Expressions whose values are written out. */
  private readonly written = new WeakSet<object>();
  /** The last value of each expression. */
  private readonly values = new WeakMap<object, JinjaValue>();

  constructor(environment: JinjaEnvironment, program: object) {
    super(environment);
    this.mark(program);
  }

  private mark(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    if (node instanceof Map) {
      for (const part of [...node.keys(), ...node.values()]) this.mark(part);
      return;
    }
    for (const [name, part] of Object.entries(node)) {
      if (BODIES.includes(name) && Array.isArray(part)) {
        for (const statement of part) if (!STATEMENTS.has(statement.type)) this.written.add(statement);
      }
      this.mark(part);
    }
    const { operator, left, right, operand, filter } = node as Parts;
    if (operator?.value === '~' && left && right) for (const side of [left, right]) this.written.add(side);
    if (filter?.value === 'string' && operand) this.written.add(operand);
  }

  override evaluate(node: object | undefined, environment: JinjaEnvironment): JinjaValue {
    const value = super.evaluate(node, environment);
    if (node === undefined) return value;
    const result = this.written.has(node) ? asWritten(value) : (this.corrected(node) ?? value);
    this.values.set(node, result);
    return result;
  }

  /** Another value where Python has another one. */
  private corrected(node: object): JinjaValue | undefined {
    const { operator, left, right, operand, filter, object, property } = node as Parts;
    if (operator?.value === '+' && left && right) {
      const [before, behind] = [this.values.get(left), this.values.get(right)];
      const texts = [before, behind].filter((side) => side?.type === 'StringValue').length;
      if (texts === 1) throw new TypeError('a text and something else are added');
    }
    if (operand && (filter?.value === 'length' || filter?.value === 'count')) {
      const text = this.values.get(operand)?.value;
      if (typeof text === 'string') return converted(Array.from(text).length);
    }
    if (object && property?.type === 'SliceExpression') {
      const text = this.values.get(object)?.value;
      if (typeof text === 'string' && ASTRAL.test(text)) {
        throw new RangeError('a text with characters beyond U+FFFF is cut');
      }
    }
    return undefined;
  }
}

function asWritten(value: JinjaValue): JinjaValue {
  if (value.type === 'NullValue') return converted('None');
  if (value.type === 'BooleanValue') return converted(value.value ? 'True' : 'False');
  if (['ArrayValue', 'TupleValue', 'ObjectValue'].includes(value.type)) {
    throw new TypeError('a list or an object is written as a text');
  }
  return value;
}

const converted = (value: unknown): JinjaValue => new Environment().set('value', value);
