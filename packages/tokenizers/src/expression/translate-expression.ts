import {
  ExpressionReader,
  foldedLetter,
  literal,
  propertyOf,
  UnreadExpression,
} from './expression-reader.js';
import { parseClass } from './parse-class.js';

/** A part of an expression in JavaScript's syntax. */
interface Part {
  readonly source: string;
  /** Repetitions without an upper bound in it: how many are tried is a power of the text's length. */
  readonly unbounded: number;
  /** The character it stands for, where it is just one. */
  readonly character?: string;
}

const LONGEST_EXPRESSION = 4000;
/** Unbounded repetitions in one alternative; published expressions have three. */
const MOST_UNBOUNDED = 4;
/** Letters that together are the upper case of one other character, as "ss" is of a sharp s. */
const LIGATURES = /^(ff|fi|fl|ss|st)$/;

/**
 * An expression of the Python library (Oniguruma in its Ruby syntax) in JavaScript's. Files bring them, so only such are
 * taken whose meaning is the same in both and whose matching ends in time: no repetition of repetitions, no names, no
 * looking back.
 * @returns undefined where it holds anything else
 */
export function translateExpression(expression: string): RegExp | undefined {
  if (expression.length > LONGEST_EXPRESSION) return undefined;
  try {
    const reader = new ExpressionReader(expression);
    const { source } = alternatives(reader, false);
    if (!reader.atEnd) return undefined;
    return new RegExp(source, 'gu');
  } catch (error) {
    if (error instanceof UnreadExpression || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function alternatives(reader: ExpressionReader, ignoreCase: boolean): Part {
  const parts = [sequence(reader, ignoreCase)];
  while (reader.take('|')) parts.push(sequence(reader, ignoreCase));
  return {
    source: parts.map(({ source }) => source).join('|'),
    unbounded: Math.max(...parts.map(({ unbounded }) => unbounded)),
  };
}

function sequence(reader: ExpressionReader, ignoreCase: boolean): Part {
  let source = '';
  let unbounded = 0;
  let before = '';
  while (!reader.atEnd && !reader.sees('|') && !reader.sees(')')) {
    const atom = element(reader, ignoreCase);
    if (ignoreCase && LIGATURES.test(before + (atom.character ?? ''))) throw new UnreadExpression();
    before = atom.character ?? '';
    const repeated = repetition(reader, atom);
    source += repeated.source;
    unbounded += repeated.unbounded;
  }
  if (unbounded > MOST_UNBOUNDED) throw new UnreadExpression();
  return { source, unbounded };
}

function element(reader: ExpressionReader, ignoreCase: boolean): Part {
  if (reader.take('(')) return group(reader, ignoreCase);
  if (reader.take('[')) return { source: parseClass(reader, ignoreCase), unbounded: 0 };
  if (reader.take('.')) return { source: '[^\\n]', unbounded: 0 };
  if (reader.take('$')) return { source: '(?=\\n|$)', unbounded: 0 };
  if (reader.take('\\')) {
    const property = propertyOf(reader);
    if (property !== undefined) return { source: property, unbounded: 0 };
    return one(reader.escaped(), ignoreCase);
  }
  const character = reader.next();
  if ('^*+?{'.includes(character)) throw new UnreadExpression();
  return one(character, ignoreCase);
}

function one(character: string, ignoreCase: boolean): Part {
  const source = ignoreCase ? `[${foldedLetter(character)}]` : literal(character);
  return { source, unbounded: 0, character: character.toLowerCase() };
}

function group(reader: ExpressionReader, ignoreCase: boolean): Part {
  const open = ['?:', '?=', '?!', '?i:'].find((kind) => reader.take(kind));
  if (open === undefined && reader.sees('?')) throw new UnreadExpression();
  const inside = alternatives(reader, ignoreCase || open === '?i:');
  if (!reader.take(')')) throw new UnreadExpression();
  const kind = open === undefined || open === '?i:' ? '?:' : open;
  return { source: `(${kind}${inside.source})`, unbounded: inside.unbounded };
}

function repetition(reader: ExpressionReader, { source, unbounded }: Part): Part {
  const counts = reader.match(/^(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})/);
  if (counts === undefined) return { source, unbounded };
  const isEndless = /^[*+]$|,\}$/.test(counts);
  if (unbounded > 0 && counts !== '?') throw new UnreadExpression();
  const more = unbounded + (isEndless ? 1 : 0);
  const isBraced = counts.startsWith('{');
  if (reader.sees('*') || reader.sees('{') || (isBraced && (reader.sees('+') || reader.sees('?')))) {
    throw new UnreadExpression();
  }
  if (reader.take('?')) return { source: `${source}${counts}?`, unbounded: more };
  // What it took is never given back: found once by looking ahead, and then taken as it is.
  if (reader.take('+')) {
    const name = reader.groupName();
    return { source: `(?=(?<${name}>${source}${counts}))\\k<${name}>`, unbounded: more };
  }
  return { source: source + counts, unbounded: more };
}
