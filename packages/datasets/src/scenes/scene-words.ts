/** Shapes, those that are easiest to tell apart first; a smaller set is the beginning of this list. */
export const SHAPES = ['circle', 'square', 'triangle', 'cross', 'ring', 'star'] as const;
export type Shape = (typeof SHAPES)[number];

/** 8-bit red, green, blue. */
export type Colour3 = readonly [number, number, number];

export const COLOUR_VALUES = {
  red: [214, 40, 40],
  blue: [36, 84, 214],
  green: [34, 148, 62],
  yellow: [244, 210, 42],
  purple: [132, 52, 176],
  orange: [242, 130, 26],
  pink: [248, 138, 186],
  brown: [122, 74, 36],
} as const satisfies Record<string, Colour3>;
export type Colour = keyof typeof COLOUR_VALUES;
export const COLOURS = Object.keys(COLOUR_VALUES) as readonly Colour[];

export const BACKGROUND_VALUES = {
  white: [240, 240, 238],
  grey: [168, 170, 172],
  black: [24, 24, 28],
} as const satisfies Record<string, Colour3>;
export type Background = keyof typeof BACKGROUND_VALUES;
export const BACKGROUNDS = Object.keys(BACKGROUND_VALUES) as readonly Background[];

export const SIZES = ['small', 'large'] as const;
export type Size = (typeof SIZES)[number];

/** What people say for each word; the first is said most. */
export const SHAPE_NAMES: Readonly<Record<Shape, readonly string[]>> = {
  circle: ['circle', 'disc'],
  square: ['square', 'box'],
  triangle: ['triangle'],
  cross: ['cross', 'plus sign'],
  ring: ['ring', 'hoop'],
  star: ['star'],
};
export const SIZE_NAMES: Readonly<Record<Size, readonly string[]>> = {
  small: ['small', 'little'],
  large: ['large', 'big'],
};
