import { showPage } from './show-page.js';
import { WorkerTalker } from './talk/in-page/worker-talker.js';

showPage(new WorkerTalker());
