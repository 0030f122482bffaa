/** Does some work and tells the processor time that it took, of all threads of this process. */
export async function coreSecondsOf<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly coreSeconds: number }> {
  const before = process.cpuUsage();
  const result = await work();
  return { result, coreSeconds: coreSecondsSince(before) };
}

/** Processor time since a reading of `process.cpuUsage()`. */
export function coreSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
