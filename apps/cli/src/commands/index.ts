import type { AnyCommand } from '../command/define-command.js';
import { captionCommand } from './caption.js';
import { doctorCommand } from './doctor.js';
import { paramsCommand } from './params.js';
import { trainCommand } from './train.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [trainCommand, captionCommand, paramsCommand, doctorCommand];
