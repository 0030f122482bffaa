import {
  classContents,
  type ExpressionReader,
  foldedLetter,
  literal,
  UnreadExpression,
} from './expression-reader.js';

/**
 * A class in brackets, behind the first of them, in JavaScript's syntax. Classes within it are joined to it, as in
 * Oniguruma; intersections and names in brackets are not translated.
 */
export function parseClass(reader: ExpressionReader, ignoreCase: boolean): string {
  const isNegated = reader.take('^');
  return `[${isNegated ? '^' : ''}${members(reader, ignoreCase)}]`;
}

function members(reader: ExpressionReader, ignoreCase: boolean): string {
  let source = '';
  while (!reader.take(']')) {
    if (reader.sees('&&') || reader.sees('[:') || reader.sees('[^')) throw new UnreadExpression();
    source += reader.take('[') ? members(reader, ignoreCase) : member(reader, ignoreCase);
  }
  if (source === '') throw new UnreadExpression();
  return source;
}

function member(reader: ExpressionReader, ignoreCase: boolean): string {
  const first = character(reader);
  if (typeof first !== 'string') return first.members;
  const isRange = reader.match(/^-(?=[^\]])/) !== undefined;
  if (!isRange) return ignoreCase ? foldedLetter(first) : literal(first);
  if (reader.sees('[')) throw new UnreadExpression();
  const last = character(reader);
  if (typeof last !== 'string' || ignoreCase) throw new UnreadExpression();
  return `${literal(first)}-${literal(last)}`;
}

function character(reader: ExpressionReader): string | { readonly members: string } {
  if (!reader.take('\\')) return reader.next();
  const contents = classContents(reader);
  if (contents === undefined) return reader.escaped();
  if (!contents.isNegated) return contents;
  return { members: contents.members.replace('\\p', '\\P') };
}
