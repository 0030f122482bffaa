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

/** How a decoded picture becomes an encoder's input `[imageSize, imageSize, 3]`: cut, resized, cut or padded, scaled. */
export interface ImagePreprocessing {
  /** Side of the square input, in pixels. */
  readonly imageSize: number;
  /**
   * Share of the shorter side that a central square has which is cut out before resizing: `int(share * side)` pixels,
   * offsets rounded up, as TensorFlow's evaluation does it. Absent: the whole picture.
   */
  readonly firstCrop?: number | undefined;
  /**
   * `shortest-side`, `longest-side`: keep the aspect until that side is `resizeSide` (CLIP: the shorter). `stretch`:
   * both sides to `resizeSize`, whatever the aspect. `none`: not at all. Then the centre is cut out, or padded.
   */
  readonly resize: 'shortest-side' | 'longest-side' | 'stretch' | 'none';
  /** The shorter or longer side behind resizing, where it is not `imageSize`. @default imageSize */
  readonly resizeSide?: number | undefined;
  /** Where `stretch` leads, if not to the square of `imageSize`. @default imageSize by imageSize */
  readonly resizeSize?: { readonly width: number; readonly height: number } | undefined;
  /**
   * `nearest`, `box`, `bilinear`, `hamming`, `bicubic`, `lanczos`, `mks2013`, `mks2021`: Pillow's filter of that name, with its antialiasing,
   * in bytes. `bilinear-interpolation`: between the four nearest pixels, centres at halves, without antialiasing or
   * rounding (TensorFlow's resize). `corner-interpolation`: the same with centres at whole numbers, as TensorFlow 1
   * had it.
   */
  readonly filter:
    | 'nearest'
    | 'box'
    | 'bilinear'
    | 'hamming'
    | 'bicubic'
    | 'lanczos'
    | 'mks2013'
    | 'mks2021'
    | 'bilinear-interpolation'
    | 'corner-interpolation';
  /** Centre-crop offset: Hugging Face `floor((n-c)/2)`, torchvision `round((n-c)/2)` half to even. */
  readonly cropRounding: 'floor' | 'half-even';
  /** Red, green and blue, 0 to 255, around a picture that is smaller than the square. @default [0, 0, 0] */
  readonly padColour?: readonly [number, number, number] | undefined;
  /**
   * `bgr`: blue comes first, as OpenCV reads pictures, and stands where red is meant, mean and deviation included; so
   * LLaMA-Adapter V2 was trained. @default 'rgb'
   */
  readonly channelOrder?: 'rgb' | 'bgr' | undefined;
  /** What values of 0 to 255 are multiplied by. @default division by 255, to [0, 1] */
  readonly scale?: number | undefined;
  /** Per channel, on scaled values. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}
