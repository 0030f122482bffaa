import { say } from './lib/console.mjs';
import { setUp } from './lib/set-up.mjs';

await setUp();
say('Ready: `npm run demo`, `npm test`, or `npx eim --help`.');
