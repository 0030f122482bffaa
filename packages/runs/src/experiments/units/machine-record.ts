import { totalmem } from 'node:os';
import type { EngineInfo } from '@eim/engine';
import { environmentRecord } from '../../run-folder/record/environment-record.js';
import type { MachineRecord } from '../records/unit-record.js';

/** The machine that this process runs on. */
export function machineRecord(engine: EngineInfo): MachineRecord {
  const { processor, cores, platform, node } = environmentRecord(engine);
  return { processor, cores, memoryBytes: totalmem(), platform, node };
}
