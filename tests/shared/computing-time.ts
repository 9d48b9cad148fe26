/** Milliseconds that the work computes: however busy the machine is with others, it takes as many. */
export async function computingTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
