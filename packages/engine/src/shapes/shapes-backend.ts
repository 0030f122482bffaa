import { EimError } from '@eim/contracts';
import { type DataId, type DataType, KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** Bytes that a tensor would take, and how many tensors share them. */
interface ImaginedData {
  readonly shape: readonly number[];
  readonly bytes: number;
  references: number;
}

/** A backend that knows the sizes of tensors and nothing of their values: it takes no memory for them. */
export class ShapesBackend extends KernelBackend {
  readonly #data = new Map<DataId, ImaginedData>();
  #live = 0;
  #peak = 0;

  /** Bytes that all tensors alive now would take; those that share data count once. */
  get liveBytes(): number {
    return this.#live;
  }

  /** The most that {@link liveBytes} has been since {@link startPeak}. */
  get peakBytes(): number {
    return this.#peak;
  }

  startPeak(): void {
    this.#peak = this.#live;
  }

  /** A new tensor of a shape. */
  allocate(shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    const bytes = dtype === 'string' ? 0 : util.sizeFromShape([...shape]) * util.bytesPerElement(dtype);
    this.#data.set(dataId, { shape, bytes, references: 1 });
    this.#live += bytes;
    this.#peak = Math.max(this.#peak, this.#live);
    return { dataId, shape: [...shape], dtype };
  }

  /** Another tensor over the same data. Data of another backend stays there and is taken to cost nothing here. */
  share({ dataId }: TensorInfo, shape: readonly number[], dtype: DataType): TensorInfo {
    if (this.#data.has(dataId)) {
      this.incRef(dataId);
      return { dataId, shape: [...shape], dtype };
    }
    const view = {};
    this.#data.set(view, { shape, bytes: 0, references: 1 });
    return { dataId: view, shape: [...shape], dtype };
  }

  override write(_values: unknown, shape: number[], dtype: DataType): DataId {
    return this.allocate(shape, dtype).dataId;
  }

  override incRef(dataId: DataId): void {
    const data = this.#data.get(dataId);
    if (data) data.references += 1;
  }

  decRef(dataId: DataId): void {
    const data = this.#data.get(dataId);
    if (data) data.references -= 1;
  }

  override refCount(dataId: DataId): number {
    return this.#data.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const data = this.#data.get(dataId);
    if (!data) return true;
    data.references -= 1;
    if (!force && data.references > 0) return false;
    this.#live -= data.bytes;
    this.#data.delete(dataId);
    return true;
  }

  override readSync(dataId: DataId): never {
    const shape = this.#data.get(dataId)?.shape;
    throw new EimError({
      code: 'invariant-violated',
      message: `A value was read from a tensor${shape ? ` of shape [${shape.join(', ')}]` : ''} in a shapes pass, which has none.`,
      advice: 'What runs there must be a function of shapes alone; read values outside of it.',
      data: { shape },
    });
  }

  override async read(dataId: DataId): Promise<never> {
    return this.readSync(dataId);
  }

  override numDataIds(): number {
    return this.#data.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}
