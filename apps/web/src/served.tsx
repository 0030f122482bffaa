import { showPage } from './show-page.js';
import { ApiTalker } from './talk/api/api-talker.js';

showPage(new ApiTalker());
