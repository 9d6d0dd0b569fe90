import { type Bill, billFor } from "../sim/pricing/bill.ts";
import type { Replication, Study } from "./replicate.ts";

/**
 * A function's own bill in one replication, of the run or of the month, with what its queues, streams and gateways cost; free
 * tier left out. Worked out when asked for: there may be 20,000 functions.
 */
export function functionBill(
  { scenario }: Pick<Study, "scenario">,
  { usage }: Replication,
  fn: number,
  over: "run" | "month" = "run",
): Bill {
  const { table, savingsPlan } = scenario.pricing;
  return billFor(usage[over].of(fn), table, false, savingsPlan);
}
