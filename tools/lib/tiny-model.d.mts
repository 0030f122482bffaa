export const TINY_MODEL: string;
