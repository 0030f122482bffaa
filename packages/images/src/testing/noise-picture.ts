import type { RawPicture } from '@eim/contracts';

/** The picture that tools/reference/pillow_fixture.py makes: generator bytes with ramps between. */
export function noisePicture(width: number, height: number, seed: number): RawPicture {
  const data = new Uint8Array(width * height * 3);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = Math.floor(i / 96) % 3 ? state >>> 24 : (i * 5) % 256;
  }
  return { width, height, data };
}
