/** A decoded picture: 8-bit RGB, row by row, 3 bytes a pixel. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  /** Length `width * height * 3`. */
  readonly data: Uint8Array;
}

/** A picture that rows show, decoded when it is needed. */
export interface Picture {
  /** Identifies the picture's pixels (a hash of its bytes, or a generator's seed); equal for the same picture. */
  readonly fingerprint: string;
  /** Where it came from, for messages: a path or a generator's name. */
  readonly source: string;
  /** Decodes it. Rejects with an EimError naming `source`. */
  load(): Promise<RawPicture>;
}

/** Red, green and blue of a resized picture, row by row, 0 to 255; floats where resizing does not round. */
export type PixelValues = Uint8Array | Float32Array;

/** How a decoded picture becomes an encoder's input `[height, width, 3]`. */
export interface ImagePreprocessing {
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /** `shortest-side`: keep the aspect, then crop the centre (CLIP). `stretch`: both sides to `imageSize`. */
  readonly resize: 'shortest-side' | 'stretch';
  /** The shorter side before the crop, where it is not `imageSize`. @default imageSize */
  readonly resizeSide?: number | undefined;
  /**
   * `bicubic`, `bilinear`: Pillow's filter of that name, with its antialiasing, in bytes. `bilinear-interpolation`:
   * between the four nearest pixels, centres at halves, without antialiasing or rounding (TensorFlow's resize).
   */
  readonly filter: 'bicubic' | 'bilinear' | 'bilinear-interpolation';
  /** Centre-crop offset: Hugging Face `floor((n-c)/2)`, torchvision `round((n-c)/2)` half to even. */
  readonly cropRounding: 'floor' | 'half-even';
  /** Per channel, on values in [0, 1]. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}
