/**
 * What memory size does to time. A function gets CPU in proportion to its memory: one full vCPU at 1769 MB (AWS Lambda
 * developer guide, "Configuring function memory"), 0.072 at 128 MB, 5.79 at 10240 MB.
 */
export const MB_PER_VCPU = 1769;

export const vCpus = (memorySize: number): number => memorySize / MB_PER_VCPU;

/**
 * How fast CPU work goes, in full vCPUs: the share the memory size brings, up to the `parallelism` that the code can
 * use. Single-threaded code (1) gains nothing from more than 1769 MB.
 */
export const cpuSpeed = (memorySize: number, parallelism: number): number =>
  Math.min(vCpus(memorySize), parallelism);

/** How a duration was measured. */
export interface Measured {
  /** The memory size (MB) at which it was. */
  readonly at: number;
  /** The share of it that was CPU work there; the rest waits for others and does not depend on memory. */
  readonly cpuBound: number;
  readonly parallelism: number;
}

/**
 * What a duration measured at one memory size is multiplied by at another. With S(m) = io + cpu / speed(m) and `c` the
 * CPU share of S(at), that is (1 − c) + c · speed(at) / speed(m). The law is assumed; it fits AWS's published curves
 * of CPU-bound functions within 10 % (test/theory/memory.test.ts).
 */
export function durationFactor({ at, cpuBound, parallelism }: Measured, memorySize: number): number {
  return 1 - cpuBound + (cpuBound * cpuSpeed(at, parallelism)) / cpuSpeed(memorySize, parallelism);
}
