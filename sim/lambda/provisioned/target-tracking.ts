import * as z from "zod";
import { count, duration, MOST_CONCURRENCY } from "../../scenario/fields.ts";
import { type Path, SettingError, SettingErrors } from "../../scenario/problem.ts";
import { type Agenda, moment } from "../../schedule/moment.ts";
import { MINUTE, nameOf, parseShare, printCount, printLimit } from "../../units.ts";
import { allocationSetting } from "./allocation.ts";
import {
  agendaOf,
  allocationOf,
  type Present,
  type ProvisioningPolicy,
  provisioningKind,
  type Utilization,
} from "./contract.ts";

/** Utilisation below this share of the target is too low (Application Auto Scaling: the low alarm of target tracking). */
const LOW = 0.9;

/** A scale-in takes away this share at most (assumed: AWS says that it is gradual). */
const MOST_SCALED_IN = 0.1;

/** What rounding may add to a share: 63 ÷ 0.7 is 90, not 90.000…01. */
const ROUNDING = 1e-9;

interface Rule {
  /** As a share. */
  readonly target: number;
  readonly statistic: "average" | "maximum";
  readonly scaleOutAfter: number;
  readonly scaleInAfter: number;
  /** Microseconds. */
  readonly scaleOutCooldown: number;
  readonly scaleInCooldown: number;
}

/** What a scheduled action sets. */
interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * Target tracking of ProvisionedConcurrencyUtilization, as Application Auto Scaling does it for Lambda: points of one
 * minute, an alarm that wants several in a row above the target, one that wants several below 90 % of it, and a new
 * capacity in proportion. Points count while a whole minute ran on one capacity, and anew after each change (assumed):
 * Auto Scaling waits until Lambda has allocated what it asked for.
 */
class TargetTracking implements ProvisioningPolicy {
  private readonly rule: Rule;
  private readonly agenda: Agenda;
  private readonly actions: readonly Bounds[];
  private min: number;
  private max: number;
  /** When the present minute ends. */
  private minute = MINUTE;
  /** Points in a row that were too high, too low. */
  private high = 0;
  private low = 0;
  private scaledOut = Number.NEGATIVE_INFINITY;
  private scaledIn = Number.NEGATIVE_INFINITY;

  constructor(rule: Rule, min: number, max: number, agenda: Agenda, actions: readonly Bounds[]) {
    this.rule = rule;
    this.min = min;
    this.max = max;
    this.agenda = agenda;
    this.actions = actions;
  }

  get next(): number {
    return Math.min(this.minute, this.agenda.next);
  }

  act(at: number, present: Present): number {
    let capacity = present.requested;
    if (this.agenda.next <= at) {
      for (const i of this.agenda.due(at)) {
        const { min, max } = this.actions[i]!;
        this.min = min ?? this.min;
        this.max = max ?? this.max;
      }
      capacity = this.clip(capacity);
      if (capacity !== present.requested) this.restart();
    }
    if (this.minute > at) return capacity;
    this.minute += MINUTE;
    const point = present.utilization();
    return capacity === present.requested ? this.track(at, point, present) : capacity;
  }

  /** A minute has ended: what its point asks for. */
  private track(at: number, point: Utilization | undefined, present: Present): number {
    const { target, statistic, scaleOutAfter, scaleInAfter, scaleOutCooldown, scaleInCooldown } = this.rule;
    const { requested, allocated } = present;
    if (point === undefined || present.changing || present.since > at - MINUTE) {
      this.restart();
      return requested;
    }
    const share = point[statistic];
    this.high = share > target + ROUNDING ? this.high + 1 : 0;
    this.low = share < LOW * target - ROUNDING ? this.low + 1 : 0;
    const wanted = Math.ceil((allocated * share) / target - ROUNDING);
    if (this.high >= scaleOutAfter && at - this.scaledOut >= scaleOutCooldown) {
      const capacity = this.clip(Math.max(wanted, allocated));
      if (capacity > allocated) this.scaledOut = at;
      return this.changed(capacity, requested);
    }
    if (this.low >= scaleInAfter && at - this.scaledIn >= scaleInCooldown) {
      const least = allocated - Math.max(1, Math.floor(MOST_SCALED_IN * allocated));
      const capacity = this.clip(Math.min(Math.max(wanted, least), allocated));
      if (capacity < allocated) this.scaledIn = at;
      return this.changed(capacity, requested);
    }
    return requested;
  }

  private changed(capacity: number, requested: number): number {
    if (capacity !== requested) this.restart();
    return capacity;
  }

  private restart(): void {
    this.high = 0;
    this.low = 0;
  }

  private clip(capacity: number): number {
    return Math.max(this.min, Math.min(this.max, capacity));
  }
}

/** AWS writes 0.7 (TargetValue), this format's shares are "70%": either will do. */
const targetSetting = () =>
  z
    .union([z.number(), z.string()], {
      error: (issue) => `expected a utilisation such as 0.7 or "70%", got ${nameOf(issue.input)}`,
    })
    .transform((given, context) => {
      const parsed = typeof given === "number" ? ({ ok: true, value: given } as const) : parseShare(given);
      const fail = (message: string) => {
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      };
      if (!parsed.ok) return fail(parsed.message);
      if (parsed.value >= 0.1 && parsed.value <= 0.9) return parsed.value;
      return fail(`${nameOf(given)} is out of range: AWS takes a target from 0.1 to 0.9 (10% to 90%)`);
    })
    .meta({ description: "The utilisation to keep: 0.1 to 0.9, or as a share." });

const points = () => count(1, 1440, "a number of one-minute points").optional();

/** Goes after the load: more when too much of it is in use, less when too little is. */
export const targetTracking = provisioningKind({
  type: "target-tracking",
  schema: z.strictObject({
    type: z.literal("target-tracking"),
    target: targetSetting(),
    min: count(0, MOST_CONCURRENCY),
    max: count(1, MOST_CONCURRENCY),
    base: count(0, MOST_CONCURRENCY)
      .optional()
      .meta({ description: "Ready at the start of the run; `min` unless written." }),
    statistic: z
      .enum(["average", "maximum"])
      .optional()
      .meta({ description: `Of utilisation in a minute; "average" unless written.` }),
    scaleOutAfter: points().meta({ description: "Points in a row above the target; 3 unless written." }),
    scaleInAfter: points().meta({
      description: "Points in a row below 90 % of the target; 3 unless written.",
    }),
    scaleOutCooldown: duration()
      .optional()
      .meta({ description: "Between two scale-outs; 0s unless written." }),
    scaleInCooldown: duration().optional().meta({ description: "Between two scale-ins; 0s unless written." }),
    schedule: z
      .array(
        z.strictObject({
          at: moment(),
          min: count(0, MOST_CONCURRENCY).optional(),
          max: count(0, MOST_CONCURRENCY).optional(),
        }),
      )
      .max(10_000)
      .optional()
      .meta({ description: "Scheduled actions, which set min and max." }),
    allocation: allocationSetting().optional(),
  }),
  build(given, context) {
    const { target, min, max, base = min, statistic = "average", schedule = [], allocation } = given;
    checkBounds(min, max, base, schedule);
    const agenda = agendaOf(schedule, context);
    // A min wins over a max, whoever set them.
    const [most, mostAt] = mostOf(max, schedule);
    const rule: Rule = {
      target,
      statistic,
      scaleOutAfter: given.scaleOutAfter ?? 3,
      scaleInAfter: given.scaleInAfter ?? 3,
      scaleOutCooldown: given.scaleOutCooldown ?? 0,
      scaleInCooldown: given.scaleInCooldown ?? 0,
    };
    const least = Math.min(min, ...schedule.map((action) => action.min ?? min));
    return {
      text: `${printCount(least)} to ${printCount(most)} provisioned, for a utilisation of ${printLimit(target)}`,
      base,
      most,
      mostAt,
      target,
      allocation: allocationOf(allocation, context),
      open: () => new TargetTracking(rule, min, max, agenda(), schedule),
    };
  },
});

/** The most that the bounds ever let it ask for, and where that is written. */
function mostOf(max: number, schedule: readonly Bounds[]): [number, Path] {
  let most: [number, Path] = [max, ["max"]];
  schedule.forEach((action, i) => {
    for (const bound of ["max", "min"] as const) {
      const value = action[bound] ?? 0;
      if (value > most[0]) most = [value, ["schedule", i, bound]];
    }
  });
  return most;
}

function checkBounds(min: number, max: number, base: number, schedule: readonly Bounds[]): void {
  const errors: SettingError[] = [];
  const wrong = (path: (string | number)[], message: string) => errors.push(new SettingError(path, message));
  if (min > max) wrong(["min"], `${min} is more than the max of ${max}`);
  else if (base < min || base > max)
    wrong(["base"], `${base} is not from the min of ${min} to the max of ${max}`);
  if (base === 0 && !schedule.some((action) => action.min))
    wrong(
      [min === 0 ? "min" : "base"],
      "0 provisioned have no utilisation, so they would stay 0; begin with 1 or more, or schedule a min",
    );
  schedule.forEach((action, i) => {
    if (action.min === undefined && action.max === undefined)
      wrong(["schedule", i], "sets neither min nor max");
    if (action.min !== undefined && action.max !== undefined && action.min > action.max)
      wrong(["schedule", i, "min"], `${action.min} is more than the max of ${action.max}`);
  });
  if (errors.length > 0) throw new SettingErrors(errors);
}
