import { EimError, type ExportedCheckpoint, type ExportedTensor } from '@eim/contracts';
import { elementCount } from '../../dtype.js';
import { type Storage, storagesOf } from './checkpoint-storages.js';
import { PickleWriter } from './pickle-writer.js';
import { storedZip } from './stored-zip.js';

/** Sizes and places in an archive are 32-bit numbers, and those in the pickle signed ones. */
const MOST_BYTES = 2 ** 31;

/**
 * A checkpoint as `torch.save` writes it, on the CPU, in pieces: `{[place]: {name: tensor}, ...beside}`, or without a `place`
 * `{name: tensor}`. The same checkpoint gives the same bytes.
 * @throws EimError `invalid-argument` where a tensor's values do not fill its shape, a name comes twice, or all are too large
 * @example
 * const tensors = [{ name: 'bias', shape: [2], values: Float32Array.of(1, 2) }];
 * await writeFileAtomically('checkpoint.pth', pytorchChunks({ place: 'model', tensors }));
 */
export function pytorchChunks(checkpoint: ExportedCheckpoint): Iterable<Uint8Array> {
  check(checkpoint);
  const storages = storagesOf(checkpoint.tensors);
  const file = (name: string, bytes: Uint8Array) => ({ name: `archive/${name}`, bytes });
  const text = (name: string, contents: string) => file(name, new TextEncoder().encode(contents));
  return storedZip([
    file('data.pkl', pickled(checkpoint, storages)),
    text('byteorder', 'little'),
    ...[...new Set(storages)].map(({ key, bytes }) => file(`data/${key}`, bytes)),
    text('version', '3\n'),
  ]);
}

function pickled(
  { tensors, place, beside = {} }: ExportedCheckpoint,
  storages: readonly Storage[],
): Uint8Array {
  const pickle = new PickleWriter();
  const model = () =>
    pickle.dictionary(() =>
      tensors.forEach(({ name, shape }, index) => {
        pickle.text(name);
        pickle.tensor(storages[index]!, shape);
      }),
    );
  if (place === undefined) model();
  else
    pickle.dictionary(() => {
      pickle.text(place);
      model();
      for (const [name, value] of Object.entries(beside)) {
        pickle.text(name);
        pickle.plain(value);
      }
    });
  return pickle.finished();
}

function check({ tensors, place, beside }: ExportedCheckpoint): void {
  if (beside && (place === undefined || Object.hasOwn(beside, place)))
    throw refused(
      `what stands beside the tensors needs keys other than theirs (${place ?? 'a flat state dict'})`,
    );
  const names = new Set<string>();
  for (const { name, shape, values } of tensors) {
    if (names.has(name)) throw refused(`there are two tensors named '${name}'`);
    if (elementCount(shape) !== values.length)
      throw refused(
        `'${name}' has ${values.length} values, and its shape [${shape}] needs ${elementCount(shape)}`,
      );
    names.add(name);
  }
  const bytes = sizeOf(tensors);
  if (bytes >= MOST_BYTES) throw refused(`the tensors take ${bytes} bytes, and at most ${MOST_BYTES} fit`);
}

const sizeOf = (tensors: readonly ExportedTensor[]): number =>
  [...new Map(tensors.map((tensor) => [tensor.values, tensor])).values()].reduce(
    (sum, { values, dtype }) => sum + (dtype === 'F16' ? 2 : 4) * values.length,
    0,
  );

const refused = (fault: string): EimError =>
  new EimError({ code: 'invalid-argument', message: `A PyTorch checkpoint cannot be written: ${fault}.` });
