import { printLimit, printShare } from "../../sim/units.ts";
import type { ProvisionedCost } from "../../study/provisioned.ts";

/** Whether provisioned concurrency costs less than the same invocations on demand. */
export function payText({ utilization, breakEven }: ProvisionedCost): string {
  if (Number.isNaN(utilization.mean)) return "none was asked for in the measured time";
  const share = `utilisation ${printShare(utilization.mean)}`;
  if (!Number.isFinite(breakEven)) return `${share}; at these prices on-demand always costs less`;
  const above = utilization.mean >= breakEven;
  return `${share}, ${above ? "above" : "below"} the ${printLimit(breakEven)} at which provisioned costs less than on-demand`;
}
