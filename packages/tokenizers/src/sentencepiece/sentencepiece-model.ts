import { EimError } from '@eim/contracts';
import { tokenizerFault } from '../published/tokenizer-fault.js';
import type { Piece, PieceKind, PieceVocabulary } from './piece-vocabulary.js';
import { type ProtobufField, protobufFields } from './protobuf-reader.js';

const KINDS: Readonly<Record<number, PieceKind>> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  4: 'user-defined',
  5: 'unused',
  6: 'byte',
};
const BPE = 2;
const ALGORITHMS = ['', 'unigram', 'BPE', 'word', 'character'];

/**
 * Reads a SentencePiece `tokenizer.model` (google/sentencepiece, src/sentencepiece_model.proto).
 * @param file for messages
 * @throws EimError `invalid-file` for damage, and for algorithms and normalisations other than LLaMA's
 */
export function readSentencepieceModel(bytes: Uint8Array, file: string): PieceVocabulary {
  try {
    return parse(bytes, file);
  } catch (cause) {
    if (cause instanceof RangeError)
      throw tokenizerFault(file, `as a SentencePiece model ${cause.message}`, cause);
    throw cause;
  }
}

function parse(bytes: Uint8Array, file: string): PieceVocabulary {
  const pieces: Piece[] = [];
  let trainer = new Map<number, ProtobufField>();
  let normalizer = new Map<number, ProtobufField>();
  for (const { number, bytes: message } of protobufFields(bytes)) {
    if (number === 1) pieces.push(parsePiece(message));
    if (number === 2) trainer = fieldsOf(message);
    if (number === 3) normalizer = fieldsOf(message);
  }
  if (pieces.length === 0) throw new RangeError('has no pieces');
  const number = (id: number, absent: number) => trainer.get(id)?.integer ?? absent;
  const flag = (id: number) => (normalizer.get(id)?.integer ?? 1) !== 0;
  const algorithm = number(3, 1);
  if (algorithm !== BPE) {
    throw unread(
      file,
      `its algorithm is ${ALGORITHMS[algorithm] || `number ${algorithm}`}, and only BPE is read`,
    );
  }
  if ((normalizer.get(2)?.bytes.length ?? 0) > 0) {
    throw unread(file, 'it rewrites characters before splitting, which no LLaMA vocabulary does');
  }
  if (number(24, 0) !== 0) throw unread(file, 'it puts spaces after words');
  const kindOf = (id: number) => pieces[id]?.kind;
  const unknown = pieces.findIndex(({ kind }) => kind === 'unknown');
  if (unknown < 0) throw new RangeError('has no unknown piece');
  const control = (id: number) => (kindOf(id) === 'control' ? id : undefined);
  const begin = control(number(41, 1));
  const pad = control(number(43, -1));
  return {
    pieces,
    space: flag(5) ? '\u2581' : ' ',
    dummyPrefix: flag(3),
    removeExtraSpaces: flag(4),
    byteFallback: number(35, 0) !== 0,
    ...(begin !== undefined && { begin }),
    end: control(number(42, 2)) ?? unknown,
    unknown,
    ...(pad !== undefined && { pad }),
  };
}

function parsePiece(message: Uint8Array): Piece {
  const fields = fieldsOf(message);
  const kind = KINDS[fields.get(3)?.integer ?? 1];
  if (!kind) throw new RangeError('has a piece of an unknown kind');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(fields.get(1)?.bytes);
  return { text, score: fields.get(2)?.float ?? 0, kind };
}

/** The last value of each field counts, as in every reader of the format. */
function fieldsOf(message: Uint8Array): Map<number, ProtobufField> {
  return new Map(Array.from(protobufFields(message), (field) => [field.number, field]));
}

function unread(file: string, fault: string): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${fault}.`,
    advice: 'Use the tokenizer.json of the same model.',
    data: { file },
  });
}
