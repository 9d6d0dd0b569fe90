import { EntryLaws, EntryTimeline } from "../sim/measure/entry.ts";
import { FunctionColumns } from "../sim/measure/function-columns.ts";
import { FunctionResult } from "../sim/measure/function-result.ts";
import { Histogram } from "../sim/measure/histogram.ts";
import { Histograms } from "../sim/measure/histograms.ts";
import { IntervalHistogram } from "../sim/measure/interval-histogram.ts";
import { ProvisionedTimeline } from "../sim/measure/provisioned.ts";
import { ServiceUse } from "../sim/measure/service-use.ts";
import { Timeline } from "../sim/measure/timeline.ts";

/** The classes that a result is made of. */
const CLASSES = {
  Histogram,
  Histograms,
  IntervalHistogram,
  Timeline,
  ProvisionedTimeline,
  EntryLaws,
  EntryTimeline,
  ServiceUse,
  FunctionColumns,
  FunctionResult,
};
type ClassName = keyof typeof CLASSES;

/**
 * A value as it is sent between threads. Only fields are copied on the way, so what has methods is listed by class, and
 * gets them back on the other side.
 */
export interface ThreadCopy<T> {
  readonly value: T;
  readonly instances: Readonly<Partial<Record<ClassName, object[]>>>;
}

/** Lists what must get its methods back. Throws where it meets a class that it does not know. */
export function forThread<T>(value: T): ThreadCopy<T> {
  const instances: Partial<Record<ClassName, object[]>> = {};
  const seen = new Set<object>();
  const visit = (part: unknown) => {
    if (typeof part !== "object" || part === null || ArrayBuffer.isView(part) || seen.has(part)) return;
    seen.add(part);
    const prototype = Object.getPrototypeOf(part);
    if (prototype !== Object.prototype && !Array.isArray(part)) {
      const known = (Object.keys(CLASSES) as ClassName[]).find((name) => part instanceof CLASSES[name]);
      if (!known) throw new Error(`a ${prototype?.constructor?.name} cannot go to another thread`);
      (instances[known] ??= []).push(part);
    }
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return { value, instances };
}

/** The value again, with its methods. */
export function fromThread<T>({ value, instances }: ThreadCopy<T>): T {
  for (const [name, list] of Object.entries(instances))
    for (const part of list) Object.setPrototypeOf(part, CLASSES[name as ClassName].prototype);
  return value;
}
