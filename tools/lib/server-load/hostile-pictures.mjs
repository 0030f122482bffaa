import { dataUrlOf, rgbPng } from '../rgb-png.mjs';

/** A picture that says it has some size, and unpacks to so many megabytes of zeros, a thousand times its own. */
const bomb = (width, height, megabytes) =>
  dataUrlOf(rgbPng(width, height, Buffer.alloc(megabytes * 2 ** 20)));

/** More pixels than are taken, and few pixels before a hundred megabytes. */
export const bombs = () => [bomb(6_000, 6_000, 104), bomb(8, 8, 100)];
