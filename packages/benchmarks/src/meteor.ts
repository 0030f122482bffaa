export { METEOR_MODULES, type MeteorModule } from './coco-caption/meteor/match.js';
export {
  Meteor,
  type MeteorOptions,
  type MeteorResult,
  type SentenceMeteor,
} from './coco-caption/meteor/meteor.js';
export type { MeteorStatistics } from './coco-caption/meteor/meteor-statistics.js';
export { type ParaphraseArrays, Paraphrases } from './coco-caption/meteor/paraphrases.js';
export { readParaphrases } from './coco-caption/meteor/read-paraphrases.js';
export { type MeteorResources, readMeteorResources } from './coco-caption/meteor/resources.js';
