import type { AnyCommand } from '../command/define-command.js';
import { doctorCommand } from './doctor.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [doctorCommand];
