import type { Distribution, Sampler } from "../distributions/contract.ts";
import { nearest } from "../math/functions.ts";
import { drawUniform, type RandomStreams, type Stream } from "../random.ts";
import { type Requests, TIMED_OUT } from "../requests.ts";
import { SECOND } from "../units.ts";
import type { FunctionSettings } from "./settings.ts";

/** An on-demand init that takes longer is cut off and run again inside the invocation (Lambda developer guide). */
const INIT_LIMIT = 10 * SECOND;

/** One function's laws at work, opened at its first cold start: most of many functions never have one. */
interface Phases {
  readonly placement: Sampler;
  readonly download: Sampler;
  readonly init: Sampler;
  readonly firstHandler: Sampler;
  /** Whether an environment was initialised ahead of the request that it is created for. */
  readonly proactive: Stream | undefined;
}

/** The same of its provisioned environments. */
type ProvisionedPhases = Pick<Phases, "init" | "firstHandler">;

/**
 * What an invocation costs on an environment whose runtime is not up: a cold start on a new one, a suppressed init
 * on one that was reset. Drawn in the order of a function's inits, each phase from a stream of its own. The phases of
 * the last one stay readable until the next (microseconds).
 */
export class Inits {
  placement = 0;
  download = 0;
  init = 0;
  /** Extra handler time of the first invocation (lazy loading, JIT): part of the duration. */
  firstHandler = 0;
  /** The last cold start ran into the limit of ten seconds. */
  initTimedOut = false;
  private readonly functions: readonly FunctionSettings[];
  private readonly streams: RandomStreams;
  private readonly phases: (Phases | undefined)[];
  private readonly provisioned: (ProvisionedPhases | undefined)[];

  constructor(functions: readonly FunctionSettings[], streams: RandomStreams) {
    this.functions = functions;
    this.streams = streams;
    this.phases = new Array(functions.length).fill(undefined);
    this.provisioned = new Array(functions.length).fill(undefined);
  }

  /**
   * Row i has a new environment: it waits for placement, download and init; then its handler takes longer. False when
   * the environment was ready ahead of the request, so that it did not wait and this is no cold start.
   */
  coldStart(requests: Requests, i: number): boolean {
    const fn = requests.functions[i]!;
    const settings = this.functions[fn]!;
    const phases = (this.phases[fn] ??= this.open(settings));
    this.placement = nearest(phases.placement.next());
    this.download = nearest(phases.download.next());
    this.init = nearest(phases.init.next());
    this.firstHandler = nearest(phases.firstHandler.next());
    this.initTimedOut = this.init > INIT_LIMIT && !settings.snapStart;
    if (phases.proactive !== undefined && drawUniform(phases.proactive) < settings.proactiveInit) {
      requests.inits[i] = this.init;
      this.lengthen(requests, i, this.firstHandler, settings.timeout);
      return false;
    }
    let inHandler = this.firstHandler;
    if (this.initTimedOut) {
      this.init = INIT_LIMIT;
      inHandler += nearest(phases.init.next());
    }
    requests.waits[i] = this.placement + this.download + this.init;
    requests.inits[i] = this.init;
    this.lengthen(requests, i, inHandler, settings.timeout);
    return true;
  }

  /** Row i has an environment that was reset: its init runs inside the invocation, unseen by any log's Init Duration. */
  suppressedInit(requests: Requests, i: number): void {
    const fn = requests.functions[i]!;
    const settings = this.functions[fn]!;
    const phases = (this.phases[fn] ??= this.open(settings));
    const inHandler = nearest(phases.init.next()) + nearest(phases.firstHandler.next());
    this.lengthen(requests, i, inHandler, settings.timeout);
  }

  /** The init of a provisioned environment (microseconds). Nobody waits for it, and AWS's limit of ten seconds is not its. */
  provisionedInit(fn: number): number {
    return nearest(this.ofProvisioned(fn).init.next());
  }

  /** Row i has a provisioned environment whose handler has not run before. */
  firstRun(requests: Requests, i: number): void {
    const fn = requests.functions[i]!;
    const longer = nearest(this.ofProvisioned(fn).firstHandler.next());
    this.lengthen(requests, i, longer, this.functions[fn]!.timeout);
  }

  /** Their draws are their own: they leave those of cold starts as they are. */
  private ofProvisioned(fn: number): ProvisionedPhases {
    const { name, coldStart } = this.functions[fn]!;
    return (this.provisioned[fn] ??= {
      init: this.streams.sampler(coldStart.init, `${name}/provisioned-init`),
      firstHandler: this.streams.sampler(coldStart.firstHandler, `${name}/provisioned-first-handler`),
    });
  }

  /** The duration grows, up to the timeout. */
  private lengthen({ durations, outcomes }: Requests, i: number, by: number, timeout: number): void {
    const duration = durations[i]! + by;
    if (duration > timeout) outcomes[i] = TIMED_OUT;
    durations[i] = Math.min(duration, timeout);
  }

  private open({ name, coldStart, proactiveInit }: FunctionSettings): Phases {
    const sampler = (law: Distribution, purpose: string) => this.streams.sampler(law, `${name}/${purpose}`);
    return {
      placement: sampler(coldStart.placement, "placement"),
      download: sampler(coldStart.download, "download"),
      init: sampler(coldStart.init, "init"),
      firstHandler: sampler(coldStart.firstHandler, "first-handler"),
      proactive: proactiveInit > 0 ? this.streams.open(`${name}/proactive`) : undefined,
    };
  }
}
