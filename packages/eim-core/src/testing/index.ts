export * from './tiny-parts/index.js';
