import { readFileSync } from 'node:fs';

/** Ticks of a second in `/proc`, the same on every Linux. */
const TICKS = 100;

/** When a process of this machine began, in milliseconds since 1970; undefined where only Linux could tell. */
export function processStart(processId: number): number | undefined {
  try {
    const booted = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
    // The name of the program comes in brackets and may hold anything.
    const behindName = readFileSync(`/proc/${processId}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = Number(behindName[19]);
    return booted === undefined || !Number.isFinite(ticks)
      ? undefined
      : (Number(booted) + ticks / TICKS) * 1000;
  } catch {
    return undefined; // no Linux
  }
}
