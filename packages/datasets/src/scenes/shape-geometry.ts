import type { Shape } from './scene-words.js';

/** Points of a five-pointed star: the inner radius of a regular pentagram. */
const STAR_INNER = 0.42;
const STAR_STEP = Math.PI / 5;

/** Whether a point lies in a shape that is centred at the origin and reaches about 1 in each direction. */
export const SHAPE_CONTAINS: Readonly<Record<Shape, (x: number, y: number) => boolean>> = {
  circle: (x, y) => x * x + y * y <= 1,
  square: (x, y) => Math.abs(x) <= 0.88 && Math.abs(y) <= 0.88,
  triangle: (x, y) => y <= 0.8 && Math.abs(x) <= (y + 1) * 0.58,
  cross: (x, y) => (Math.abs(x) <= 0.32 && Math.abs(y) <= 1) || (Math.abs(y) <= 0.32 && Math.abs(x) <= 1),
  ring: (x, y) => {
    const squared = x * x + y * y;
    return squared <= 1 && squared >= 0.3;
  },
  star: (x, y) => {
    // Folded onto half a point, a star is the triangle between an outer corner and the next inner one.
    const angle = Math.atan2(x, -y);
    const folded = Math.abs(angle - 2 * STAR_STEP * Math.round(angle / (2 * STAR_STEP)));
    const distance = Math.hypot(x, y) / 1.12;
    const along = distance * Math.cos(folded);
    const across = distance * Math.sin(folded);
    const innerAlong = STAR_INNER * Math.cos(STAR_STEP);
    const innerAcross = STAR_INNER * Math.sin(STAR_STEP);
    return (1 - along) * innerAcross - across * (1 - innerAlong) >= 0;
  },
};
