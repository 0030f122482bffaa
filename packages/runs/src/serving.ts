export { type ChatForm, plainForm } from './chat/chat-form.js';
export type { OpenedChatModel } from './chat/opened-chat-model.js';
export type {
  AnswerEvent,
  AnsweredToken,
  AnswerRequest,
  RatedToken,
  SchedulerCounts,
  ServedPicture,
} from './serving/answer-request.js';
export { AnswerScheduler, type AnswerSchedulerOptions } from './serving/answer-scheduler.js';
export {
  type OpenServedModelsOptions,
  openServedModels,
  type ServedModelChoice,
} from './serving/open-served-models.js';
export type { SchedulerLimits } from './serving/scheduler-limits.js';
export { type AnswerChoice, ServedModel, type ServedPrompt } from './serving/served-model.js';
