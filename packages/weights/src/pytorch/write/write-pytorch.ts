import { EimError, type ExportedTensor } from '@eim/contracts';
import { elementCount } from '../../dtype.js';
import { pickledTensors } from './pickle-writer.js';
import { storedZip } from './stored-zip.js';

/** Sizes and places in an archive are 32-bit numbers, and those in the pickle signed ones. */
const MOST_BYTES = 2 ** 31;

/**
 * A checkpoint as `torch.save` writes it: `{[place]: {name: tensor}}`, on the CPU, in pieces. The same tensors give the same bytes.
 * @param place the key under which the program looks for its model
 * @throws EimError `invalid-argument` where a tensor's values do not fill its shape, a name comes twice, or all are too large
 * @example
 * await writeFileAtomically('checkpoint.pth', pytorchChunks('model', [{ name: 'bias', shape: [2], values }]));
 */
export function pytorchChunks(place: string, tensors: readonly ExportedTensor[]): Iterable<Uint8Array> {
  check(tensors);
  const file = (name: string, bytes: Uint8Array) => ({ name: `archive/${name}`, bytes });
  const text = (name: string, contents: string) => file(name, new TextEncoder().encode(contents));
  return storedZip([
    file('data.pkl', pickledTensors(place, tensors)),
    text('byteorder', 'little'),
    ...tensors.map(({ values }, index) =>
      file(`data/${index}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ),
    text('version', '3\n'),
  ]);
}

function check(tensors: readonly ExportedTensor[]): void {
  const names = new Set<string>();
  let bytes = 0;
  for (const { name, shape, values } of tensors) {
    if (names.has(name)) throw refused(`there are two tensors named '${name}'`);
    if (elementCount(shape) !== values.length)
      throw refused(
        `'${name}' has ${values.length} values, and its shape [${shape}] needs ${elementCount(shape)}`,
      );
    names.add(name);
    bytes += values.byteLength;
  }
  if (bytes >= MOST_BYTES) throw refused(`the tensors take ${bytes} bytes, and at most ${MOST_BYTES} fit`);
}

const refused = (fault: string): EimError =>
  new EimError({ code: 'invalid-argument', message: `A PyTorch checkpoint cannot be written: ${fault}.` });
