export function rgbPng(
  width: number,
  height: number,
  data: Buffer,
  others?: Readonly<Record<string, Buffer>>,
): Buffer;

export function dataUrlOf(png: Buffer): string;
