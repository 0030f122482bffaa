/** Cores that this process may use; for Node only. */
export async function availableCores(): Promise<number> {
  const { availableParallelism } = await import('node:os');
  return availableParallelism();
}
