// What continues texts and holds chats, without what trains, scores and reports: a program that only answers starts sooner.
export { chatMessages, chatOfMessages } from './chat/chat-messages.js';
export { ChatSession } from './chat/chat-session.js';
export { readConversation } from './chat/read-conversation.js';
export { readJson } from './data/read-json.js';
export { generateText } from './published/generate-text.js';
