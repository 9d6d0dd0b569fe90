// Written by `npm run schema` from the format's definition (schema.ts). Do not edit.

/** A time with its unit: "250ms", "3s", "10m", "2h", "1d". */
export type Duration = string;

/** A size with its unit: "512 MB", "2 GB". */
export type Size = string;

/** So many a second, minute, hour or day: "80/s", "5/m". */
export type Rate = string;

/** A share with its sign: "2%". */
export type Share = string;

export interface ScenarioFile {
  readonly $schema?: string | undefined;
  readonly lsim: 1;
  readonly name: string;
  readonly about?: string | undefined;
  readonly platform?: "aws" | "aws-2020" | "seed" | undefined;
  /** The calendar time at which the run begins. */
  readonly starts?: string | undefined;
  /** How long to simulate. */
  readonly horizon: Duration;
  /** Simulated, but left out of every figure. */
  readonly warmup?: Duration | undefined;
  readonly seed?: string | number | undefined;
  /** Independent repetitions; 10 unless written. */
  readonly replications?: number | undefined;
  readonly account?: Account | undefined;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly traffic: readonly TrafficEntry[];
  /** New code or configuration: environments made before are not used again. */
  readonly deploys?: readonly Deploy[] | undefined;
  /** What must hold, by function or for the total. */
  readonly thresholds?: Readonly<Record<string, Threshold>> | undefined;
  readonly sweep?: Sweep | undefined;
  readonly measure?: Measure | undefined;
  readonly alarms?: readonly Alarm[] | undefined;
  /** A fleet of servers to compare with. */
  readonly ec2?: Ec2 | undefined;
  readonly pricing?: Pricing | undefined;
}

export interface Pricing {
  readonly freeTier?: boolean | undefined;
  readonly billInit?: boolean | undefined;
  /** Prices of your own (JSON); what it leaves out is as shipped. */
  readonly file?: string | null | undefined;
  /** A Compute Savings Plan for durations and provisioned concurrency. */
  readonly savingsPlan?: SavingsPlan | undefined;
  /** NAT gateways, by the hour and GB. */
  readonly nat?: Nat | undefined;
}

/** NAT gateways, by the hour and GB. */
export interface Nat {
  readonly gateways: number;
  /** What an invocation sends and receives through them. None unless written. */
  readonly perInvocation?: string | undefined;
  /** Those that use them; all unless written. */
  readonly functions?: readonly string[] | undefined;
}

/** A Compute Savings Plan for durations and provisioned concurrency. */
export interface SavingsPlan {
  /** By the price table's prices. */
  readonly payment?: "no-upfront" | "all-upfront" | undefined;
  /** In place of payment: off the on-demand price. */
  readonly discount?: Share | undefined;
  /** Of what a plan can cover. 100% unless written. */
  readonly coverage?: Share | undefined;
}

/** A fleet of servers to compare with. */
export interface Ec2 {
  /** Of EC2, or any name with a price. */
  readonly instanceType?: string | undefined;
  /** Dollars for a server and hour; needed where the type's price is not known. */
  readonly price?: string | undefined;
  /** Requests that one server handles at a time. */
  readonly slots: number;
  /** How many: always so many, or between two bounds by auto scaling. */
  readonly servers: number | PlainServers;
  /** Until a new server takes requests. */
  readonly boot?: Duration | undefined;
  /** Target tracking on the mean utilisation of each minute. */
  readonly autoScaling?: AutoScaling | undefined;
  /** Requests that may wait; 0 refuses them when all slots are busy. */
  readonly maximumQueue?: number | "unlimited" | undefined;
  /** Handler time on a server, over that on Lambda. */
  readonly durationFactor?: number | undefined;
}

/** Target tracking on the mean utilisation of each minute. */
export interface AutoScaling {
  /** Utilisation to keep: busy slots over slots. */
  readonly target?: Share | undefined;
  readonly scaleOutPoints?: number | undefined;
  readonly scaleInPoints?: number | undefined;
}

export interface PlainServers {
  readonly minimum: number;
  readonly maximum: number;
  readonly initial?: number | undefined;
}

/** A CloudWatch alarm on what is simulated. */
export interface Alarm {
  /** Its measure unless written. */
  readonly name?: string | undefined;
  /** A function, or "total" (unless written). */
  readonly of?: string | undefined;
  readonly measure: string;
  /** When a period breaches. For example "rate > 1%", "p(99) > 3s". */
  readonly when: string;
  readonly period?: Duration | undefined;
  readonly evaluationPeriods?: number | undefined;
  readonly datapointsToAlarm?: number | undefined;
  readonly treatMissingData?: "missing" | "notBreaching" | "breaching" | "ignore" | undefined;
}

export interface Measure {
  /** Of the timeline. */
  readonly interval?: Duration | undefined;
  readonly detail?: "auto" | "all" | "total" | undefined;
}

export interface Sweep {
  /** Values by path, as in "api.memorySize": "512MB,1024MB", ["512MB"] or "128MB..1024MB:128MB". */
  readonly vary: Readonly<Record<string, string | readonly unknown[]>>;
  /** So many samples of the space, in place of the grid. */
  readonly sample?: number | undefined;
  readonly sampling?: "lhs" | "random" | undefined;
}

export interface Threshold {
  /** By p(N), mean, max. */
  readonly latency?: readonly string[] | undefined;
  /** By p(N), mean, max. */
  readonly duration?: readonly string[] | undefined;
  /** By rate, count. */
  readonly throttles?: readonly string[] | undefined;
  /** By rate, count. */
  readonly errors?: readonly string[] | undefined;
  /** By rate, count. */
  readonly coldStarts?: readonly string[] | undefined;
  /** By rate, count. */
  readonly spillover?: readonly string[] | undefined;
  /** By rate, count. */
  readonly dropped?: readonly string[] | undefined;
  /** By mean, max. */
  readonly concurrency?: readonly string[] | undefined;
  /** By mean, max. */
  readonly environments?: readonly string[] | undefined;
  /** By p(N), mean, max. */
  readonly queueWait?: readonly string[] | undefined;
  /** By p(N), mean, max. */
  readonly messageAge?: readonly string[] | undefined;
  /** By p(N), mean, max. */
  readonly iteratorAge?: readonly string[] | undefined;
  /** By p(N), mean, max. */
  readonly endToEnd?: readonly string[] | undefined;
  /** By mean, max. */
  readonly queueDepth?: readonly string[] | undefined;
  /** By mean, max, p(N). */
  readonly batchSize?: readonly string[] | undefined;
  /** By mean, max. */
  readonly attempts?: readonly string[] | undefined;
  /** By rate, count. */
  readonly retries?: readonly string[] | undefined;
  /** By rate, count. */
  readonly deadLettered?: readonly string[] | undefined;
  /** By perRun, perMonth, perMillion. */
  readonly cost?: readonly string[] | undefined;
}

export interface Deploy {
  readonly at: Duration;
  /** All of them unless written. */
  readonly functions?: readonly string[] | undefined;
}

export interface TrafficEntry {
  /** Names the entry's random draws; its target unless written. */
  readonly name?: string | undefined;
  /** A function, or "*" for every function of a trace. */
  readonly to: string;
  /** "sync" unless written. */
  readonly invoke?: Invoke | undefined;
  /** How the callers try again; they do not, unless written. */
  readonly retry?: Retry | undefined;
  /** Where what the queue gives up goes on to; it is only kept, unless written. */
  readonly deadLetters?: DeadLetters | undefined;
  /** Size of a request or message, for the bill; as much as is billed as one, unless written. */
  readonly payload?: string | undefined;
  readonly start?: Duration | undefined;
  readonly end?: Duration | undefined;
  /** So many times the traffic. */
  readonly scale?: number | string | undefined;
  /** Handler time of this entry's requests; the function's unless written. */
  readonly duration?: HandlerTime | undefined;
  readonly arrivals: Arrivals;
}

export type Arrivals =
  | PoissonArrivals
  | ConstantArrivals
  | StagesArrivals
  | DailyArrivals
  | BurstsArrivals
  | ScheduleArrivals
  | RenewalArrivals
  | MmppArrivals
  | TimesArrivals
  | TraceArrivals
  | ClosedArrivals;

export interface ClosedArrivals {
  readonly type: "closed";
  readonly clients: number;
  readonly thinkTime: Distribution;
}

export interface TraceArrivals {
  readonly type: "trace";
  readonly file?: string | undefined;
  /** Which function of a file with several; the called one unless written. */
  readonly function?: string | undefined;
  readonly timestamps?: readonly Duration[] | undefined;
  readonly durations?: readonly Duration[] | undefined;
  readonly counts?: readonly number[] | undefined;
  readonly interval?: Duration | undefined;
  readonly spread?: "poisson" | "even" | undefined;
  /** Leave out what is before; this becomes the start. */
  readonly from?: Duration | undefined;
  /** Leave out what is from here on. */
  readonly to?: Duration | undefined;
  /** How often to play it. */
  readonly repeat?: number | undefined;
  /** How long was recorded, where neither the file nor "to" shows it. */
  readonly period?: Duration | undefined;
}

export interface TimesArrivals {
  readonly type: "times";
  readonly at: readonly (Duration | PlainAtItem)[];
}

export interface PlainAtItem {
  readonly t: Duration;
  readonly count?: number | undefined;
  readonly duration?: Duration | undefined;
}

export interface MmppArrivals {
  readonly type: "mmpp";
  readonly states: readonly State[];
}

export interface State {
  readonly rate: Rate;
  readonly mean: Duration;
}

export interface RenewalArrivals {
  readonly type: "renewal";
  readonly gap: Distribution;
}

export interface ScheduleArrivals {
  readonly type: "schedule";
  readonly every?: Duration | undefined;
  /** For example "*\/5 * * * *". */
  readonly cron?: string | undefined;
  /** For example "rate(5 minutes)", "cron(0 12 * * ? *)". */
  readonly expression?: string | undefined;
  readonly count?: number | undefined;
}

export interface BurstsArrivals {
  readonly type: "bursts";
  readonly every: Duration;
  readonly size: number;
  readonly within?: Duration | undefined;
}

export interface DailyArrivals {
  readonly type: "daily";
  readonly trough: Rate;
  readonly peak: Rate;
  readonly peakAt: string;
  readonly evenly?: boolean | undefined;
}

export interface StagesArrivals {
  readonly type: "stages";
  readonly start?: Rate | undefined;
  readonly stages: readonly Stage[];
  readonly evenly?: boolean | undefined;
}

export interface Stage {
  readonly duration: Duration;
  readonly target: Rate;
}

export interface ConstantArrivals {
  readonly type: "constant";
  readonly rate: Rate;
}

export interface PoissonArrivals {
  readonly type: "poisson";
  readonly rate: Rate;
}

export interface LambdaFunction {
  /** For example "nodejs22.x", "python3.12", "java21". */
  readonly runtime?: string | undefined;
  readonly architecture?: "x86_64" | "arm64" | undefined;
  readonly memorySize?: Size | undefined;
  /** Size of /tmp; 512 MB unless written. */
  readonly ephemeralStorage?: Size | undefined;
  /** What an invocation writes to CloudWatch Logs; not billed unless written. */
  readonly logs?: Logs | undefined;
  readonly package?: Package | undefined;
  /** Name and size of each; functions may share them. They are fetched at a cold start like code. */
  readonly layers?: Readonly<Record<string, Size>> | undefined;
  readonly environment?: Environment | undefined;
  readonly timeout?: Duration | undefined;
  /** Handler time of one invocation. */
  readonly duration?: HandlerTime | undefined;
  /** Extension, runtime and static code: a log's Init Duration. */
  readonly initDuration?: Distribution | undefined;
  /** Cold start: finding a place. */
  readonly placement?: Distribution | undefined;
  /** Cold start: fetching the code. */
  readonly download?: Distribution | undefined;
  /** Cold start: extra time of the first handler run. */
  readonly firstHandler?: Distribution | undefined;
  /** The function's own static code, on top of the preset or of initDuration. */
  readonly userInit?: Distribution | undefined;
  /** Opening a connection: once in init, or in every invocation. */
  readonly connect?: Connect | undefined;
  /** Cold starts restore a snapshot: true, or how long that takes. */
  readonly snapStart?: boolean | PlainSnapStart | undefined;
  /** Share of new environments that were initialised ahead of the request they are created for. */
  readonly proactiveInit?: Share | undefined;
  /** What an invocation needs; above memorySize each runs out of memory. */
  readonly maxMemoryUsed?: Size | undefined;
  /** Share of invocations that end in a function error. */
  readonly errors?: Share | undefined;
  /** Share of invocations in which the runtime exits: an error that resets the environment. */
  readonly crashes?: Share | undefined;
  /** Floor and ceiling; 0 stops the function. */
  readonly reservedConcurrency?: number | undefined;
  /** Environments that are ready: a number, or a policy by which it changes. */
  readonly provisionedConcurrency?: ProvisionedConcurrency | undefined;
  readonly keepAlive?: KeepAlive | undefined;
  readonly maximumLifetime?: MaximumLifetime | undefined;
  /** What each request that it has handled well sends on, to queues, topics or functions. */
  readonly emits?: readonly Emission[] | undefined;
  /** Functions that it calls and waits for: its environment stays busy, and is billed. */
  readonly calls?: readonly Call[] | undefined;
  /** Which idle environment a request is given. */
  readonly reuse?: "mru" | "lru" | "random" | "newest" | undefined;
}

export interface Call {
  /** Names its queue, its draws and its results; from-to unless written. */
  readonly name?: string | undefined;
  /** The function it calls and waits for, after its own work. */
  readonly to: string;
  /** Synchronous: "sync" unless written. */
  readonly invoke?: Invoke | undefined;
  readonly retry?: Retry | undefined;
  /** Size of a request or message, for the bill; as much as is billed as one, unless written. */
  readonly payload?: string | undefined;
  /** Of how many successes; 100% unless written. */
  readonly share?: Share | undefined;
}

export interface Emission {
  /** Names its queue, its draws and its results; from-to unless written. */
  readonly name?: string | undefined;
  /** The function it invokes, by `invoke`. */
  readonly to?: string | undefined;
  /** In place of `to`: the name of a traffic entry or emission whose queue it joins. */
  readonly into?: string | undefined;
  /** "async" unless written. */
  readonly invoke?: Invoke | undefined;
  /** Size of a request or message, for the bill; as much as is billed as one, unless written. */
  readonly payload?: string | undefined;
  /** Of how many successes; 100% unless written. */
  readonly share?: Share | undefined;
  /** Messages at a time, on average; 1 unless written. */
  readonly count?: number | undefined;
  /** Where what the queue gives up goes on to; it is only kept, unless written. */
  readonly deadLetters?: DeadLetters | undefined;
}

/** Where what the queue gives up goes on to; it is only kept, unless written. */
export interface DeadLetters {
  /** Names its queue, its draws and its results; from-to unless written. */
  readonly name?: string | undefined;
  /** The function it invokes, by `invoke`. */
  readonly to?: string | undefined;
  /** In place of `to`: the name of a traffic entry or emission whose queue it joins. */
  readonly into?: string | undefined;
  /** "async" unless written. */
  readonly invoke?: Invoke | undefined;
  /** Size of a request or message, for the bill; as much as is billed as one, unless written. */
  readonly payload?: string | undefined;
}

export type MaximumLifetime =
  | string
  | PercentilesDistribution
  | ConstantMaximumLifetime
  | ExponentialDistribution
  | LognormalDistribution
  | GammaDistribution
  | WeibullDistribution
  | UniformDistribution
  | EmpiricalDistribution
  | MixtureDistribution
  | ForeverMaximumLifetime;

export interface ForeverMaximumLifetime {
  readonly type: "forever";
}

export interface ConstantMaximumLifetime {
  readonly type: "constant";
  readonly value: Duration;
}

export type KeepAlive =
  | string
  | PercentilesDistribution
  | FixedKeepAlive
  | NoneKeepAlive
  | ForeverKeepAlive
  | TwoClocksKeepAlive
  | ConstantKeepAlive
  | ExponentialDistribution
  | LognormalDistribution
  | GammaDistribution
  | WeibullDistribution
  | UniformDistribution
  | EmpiricalDistribution
  | MixtureDistribution;

export interface ConstantKeepAlive {
  readonly type: "constant";
  readonly value: Duration;
}

export interface TwoClocksKeepAlive {
  readonly type: "two-clocks";
  readonly environmentIdle: Duration;
  readonly functionIdle: Duration;
}

export interface ForeverKeepAlive {
  readonly type: "forever";
}

export interface NoneKeepAlive {
  readonly type: "none";
}

export interface FixedKeepAlive {
  readonly type: "fixed";
  readonly value: Duration;
}

export interface PlainSnapStart {
  /** A cold start: restoring the snapshot. */
  readonly restore?: Distribution | undefined;
}

/** Opening a connection: once in init, or in every invocation. */
export interface Connect {
  readonly duration: Distribution;
  readonly in: "init" | "handler";
}

export interface Environment {
  /** Names and values. Values are never shown in any output. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Decrypting them, part of every init. */
  readonly decrypt?: Distribution | undefined;
}

export interface Package {
  readonly type: "zip" | "image";
  /** Of the code, unpacked and without layers. */
  readonly size?: Size | undefined;
}

/** What an invocation writes to CloudWatch Logs; not billed unless written. */
export interface Logs {
  readonly perInvocation: string;
}

export interface Account {
  /** Sets the prices. us-east-1 unless written. */
  readonly region?: string | undefined;
  /** The account's concurrency quota. 1000 unless written. */
  readonly concurrency?: "unlimited" | number | undefined;
  /** What must stay unreserved. 100 unless written (10 when concurrency is under 100). */
  readonly minimumUnreserved?: number | undefined;
  /** How fast new environments may be created. */
  readonly scaling?: Scaling | undefined;
  /** "aws": ten requests a second for each unit of concurrency. */
  readonly requestRate?: "aws" | "unlimited" | undefined;
}

export type Scaling =
  | "aws"
  | "unlimited"
  | AwsScaling
  | BurstScaling
  | UnlimitedScaling;

export interface UnlimitedScaling {
  readonly type: "unlimited";
}

export interface BurstScaling {
  readonly type: "burst";
  readonly burst: number;
  readonly perMinute: number;
  readonly step?: "continuous" | "minute" | undefined;
}

export interface AwsScaling {
  readonly type: "aws";
}

export type Allocation =
  | "aws"
  | "aws-2023"
  | PlainAllocation
  | AwsAllocation
  | Aws2023Allocation
  | CustomAllocation;

export interface CustomAllocation {
  readonly type?: "custom" | undefined;
  /** Before the first environment is made; one to two minutes unless written. */
  readonly preparation?: Distribution | undefined;
  /** Made at once; 0 unless written. */
  readonly burst?: number | undefined;
  /** Environments a minute; 6000 unless written. */
  readonly perMinute?: "unlimited" | number | undefined;
}

export interface Aws2023Allocation {
  readonly type: "aws-2023";
}

export interface AwsAllocation {
  readonly type: "aws";
}

/** Preparation, and how fast environments are made. */
export interface PlainAllocation {
  readonly preparation?: Distribution | undefined;
  readonly burst?: number | undefined;
  readonly perMinute?: "unlimited" | number | undefined;
}

export type ProvisionedConcurrency =
  | number
  | FixedProvisionedConcurrency
  | ScheduleProvisionedConcurrency
  | TargetTrackingProvisionedConcurrency;

export interface TargetTrackingProvisionedConcurrency {
  readonly type: "target-tracking";
  /** The utilisation to keep: 0.1 to 0.9, or as a share. */
  readonly target: number | string;
  readonly min: number;
  readonly max: number;
  /** Ready at the start of the run; `min` unless written. */
  readonly base?: number | undefined;
  /** Of utilisation in a minute; "average" unless written. */
  readonly statistic?: "average" | "maximum" | undefined;
  /** Points in a row above the target; 3 unless written. */
  readonly scaleOutAfter?: number | undefined;
  /** Points in a row below 90 % of the target; 3 unless written. */
  readonly scaleInAfter?: number | undefined;
  /** Between two scale-outs; 0s unless written. */
  readonly scaleOutCooldown?: Duration | undefined;
  /** Between two scale-ins; 0s unless written. */
  readonly scaleInCooldown?: Duration | undefined;
  /** Scheduled actions, which set min and max. */
  readonly schedule?: readonly ScheduleItem2[] | undefined;
  readonly allocation?: Allocation | undefined;
}

export interface ScheduleItem2 {
  readonly at: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface ScheduleProvisionedConcurrency {
  readonly type: "schedule";
  /** Ready at the start of the run; 0 unless written. */
  readonly base?: number | undefined;
  readonly schedule: readonly ScheduleItem[];
  readonly allocation?: Allocation | undefined;
}

export interface ScheduleItem {
  readonly at: string;
  readonly capacity: number;
}

export interface FixedProvisionedConcurrency {
  readonly type: "fixed";
  readonly capacity: number;
  /** When it is asked for; some minutes later it is ready. At the start unless written. */
  readonly at?: Duration | undefined;
  readonly allocation?: Allocation | undefined;
}

export type Invoke =
  | "sync"
  | "api-gateway"
  | "function-url"
  | "async"
  | "s3"
  | "sns"
  | "eventbridge"
  | "sqs"
  | "kinesis"
  | "dynamodb"
  | "kafka"
  | SyncInvoke
  | ApiGatewayInvoke
  | FunctionUrlInvoke
  | AsyncInvoke
  | S3Invoke
  | SnsInvoke
  | EventbridgeInvoke
  | SqsInvoke
  | KinesisInvoke
  | DynamodbInvoke
  | KafkaInvoke;

export interface KafkaInvoke {
  readonly type: "kafka";
  /** 1 unless written. */
  readonly partitions?: number | undefined;
  /** Pollers from the beginning, and at least. 1 unless written. */
  readonly minimumPollers?: number | undefined;
  /** Pollers at most; as many as partitions unless written. */
  readonly maximumPollers?: number | undefined;
  /** How long the topic keeps a record. 7d unless written. */
  readonly retention?: Duration | undefined;
  /** The most records that an invocation takes. 100 unless written. */
  readonly batchSize?: number | undefined;
  /** How long a batch that is not full waits for more records. */
  readonly maximumBatchingWindow?: Duration | undefined;
  /** Retries of a batch after function errors; -1, unless written: until its records expire. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older record is discarded; -1, unless written: until it expires. */
  readonly maximumRecordAge?: -1 | Duration | undefined;
  /** A batch that fails is split in two, which uses up no retry. false unless written. */
  readonly bisectBatchOnFunctionError?: boolean | undefined;
  /** The function says which records fail; what comes before the first of them is done. false unless written. */
  readonly reportBatchItemFailures?: boolean | undefined;
  /** What becomes of the metadata of records that are discarded. "drop" unless written. */
  readonly onFailure?: "drop" | "destination" | undefined;
  /** Partition keys; "unique", unless written: each record its own; "even": dealt in turn. */
  readonly keys?: "unique" | "even" | number | undefined;
  /** Handler time that each record of a batch adds. None unless written. */
  readonly recordDuration?: Distribution | undefined;
  /** Share of deliveries in which a record fails by chance, each anew. 0% unless written. */
  readonly recordErrors?: Share | undefined;
  /** Share of records that fail whenever they are delivered. 0% unless written. */
  readonly poison?: Share | undefined;
  /** Records that fail for certain. */
  readonly failing?: readonly FailingItem2[] | undefined;
}

export interface DynamodbInvoke {
  readonly type: "dynamodb";
  /** 1 unless written. */
  readonly shards?: number | undefined;
  /** Batches that a shard may have in hand at once. 1 unless written. */
  readonly parallelizationFactor?: number | undefined;
  /** How often an idle shard is read; "0s": at once, as with enhanced fan-out. */
  readonly pollInterval?: Duration | undefined;
  /** The most records that an invocation takes. 100 unless written. */
  readonly batchSize?: number | undefined;
  /** How long a batch that is not full waits for more records. */
  readonly maximumBatchingWindow?: Duration | undefined;
  /** Retries of a batch after function errors; -1, unless written: until its records expire. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older record is discarded; -1, unless written: until it expires. */
  readonly maximumRecordAge?: -1 | Duration | undefined;
  /** A batch that fails is split in two, which uses up no retry. false unless written. */
  readonly bisectBatchOnFunctionError?: boolean | undefined;
  /** The function says which records fail; what comes before the first of them is done. false unless written. */
  readonly reportBatchItemFailures?: boolean | undefined;
  /** What becomes of the metadata of records that are discarded. "drop" unless written. */
  readonly onFailure?: "drop" | "destination" | undefined;
  /** Partition keys; "unique", unless written: each record its own; "even": dealt in turn. */
  readonly keys?: "unique" | "even" | number | undefined;
  /** Handler time that each record of a batch adds. None unless written. */
  readonly recordDuration?: Distribution | undefined;
  /** Share of deliveries in which a record fails by chance, each anew. 0% unless written. */
  readonly recordErrors?: Share | undefined;
  /** Share of records that fail whenever they are delivered. 0% unless written. */
  readonly poison?: Share | undefined;
  /** Records that fail for certain. */
  readonly failing?: readonly FailingItem2[] | undefined;
}

export interface KinesisInvoke {
  readonly type: "kinesis";
  /** 1 unless written. */
  readonly shards?: number | undefined;
  /** Batches that a shard may have in hand at once. 1 unless written. */
  readonly parallelizationFactor?: number | undefined;
  /** How often an idle shard is read; "0s": at once, as with enhanced fan-out. */
  readonly pollInterval?: Duration | undefined;
  /** The most records that an invocation takes. 100 unless written. */
  readonly batchSize?: number | undefined;
  /** How long a batch that is not full waits for more records. */
  readonly maximumBatchingWindow?: Duration | undefined;
  /** Retries of a batch after function errors; -1, unless written: until its records expire. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older record is discarded; -1, unless written: until it expires. */
  readonly maximumRecordAge?: -1 | Duration | undefined;
  /** A batch that fails is split in two, which uses up no retry. false unless written. */
  readonly bisectBatchOnFunctionError?: boolean | undefined;
  /** The function says which records fail; what comes before the first of them is done. false unless written. */
  readonly reportBatchItemFailures?: boolean | undefined;
  /** What becomes of the metadata of records that are discarded. "drop" unless written. */
  readonly onFailure?: "drop" | "destination" | undefined;
  /** Partition keys; "unique", unless written: each record its own; "even": dealt in turn. */
  readonly keys?: "unique" | "even" | number | undefined;
  /** Handler time that each record of a batch adds. None unless written. */
  readonly recordDuration?: Distribution | undefined;
  /** Share of deliveries in which a record fails by chance, each anew. 0% unless written. */
  readonly recordErrors?: Share | undefined;
  /** Share of records that fail whenever they are delivered. 0% unless written. */
  readonly poison?: Share | undefined;
  /** Records that fail for certain. */
  readonly failing?: readonly FailingItem2[] | undefined;
  /** How long the stream keeps a record. 24h unless written. */
  readonly retention?: Duration | undefined;
  /** A shard refuses more than 1000 records a second. false unless written. */
  readonly writeLimit?: boolean | undefined;
}

export interface FailingItem2 {
  /** Its place among the entry's records, from 1. */
  readonly record: number;
  /** How many of its deliveries fail, from the first. 1 unless written. */
  readonly times?: "always" | number | undefined;
}

export interface SqsInvoke {
  readonly type: "sqs";
  /** Messages at most; 10 unless written. */
  readonly batchSize?: number | undefined;
  /** How long a batch that is not full waits for more. 0s unless written. */
  readonly maximumBatchingWindow?: Duration | undefined;
  /** Batches that run at once, at most. 1250 unless written, or what is reserved. */
  readonly maximumConcurrency?: number | undefined;
  /** "2022": 60 more batches a minute up to 1000, in place of 300 up to 1250. */
  readonly scaling?: "2022" | "aws" | undefined;
  /** Batches that may run at once at the start of the run; 5 unless written. */
  readonly initialConcurrency?: number | undefined;
  /** Provisioned mode: pollers of ten invokes each. */
  readonly provisionedPollers?: ProvisionedPollers | undefined;
  /** After it a message that was received and not processed can be received again. */
  readonly visibilityTimeout?: Duration | undefined;
  /** Older messages are deleted. 4d unless written. */
  readonly retentionPeriod?: Duration | undefined;
  /** New messages can be received after it. 0s unless written. */
  readonly delay?: Duration | undefined;
  /** After so many receives a message is dead-lettered; never unless written. */
  readonly maxReceiveCount?: number | undefined;
  /** Moves dead-lettered messages back to the queue. */
  readonly redrive?: Redrive | undefined;
  /** Only the messages of a batch that failed come back. false unless written. */
  readonly reportBatchItemFailures?: boolean | undefined;
  /** A FIFO queue: messages of one group in order. false unless written. */
  readonly fifo?: boolean | undefined;
  /** Message groups of a FIFO queue; each message is of one of them by lot. */
  readonly messageGroups?: number | undefined;
  /** Share of deliveries in which a message fails by chance, each anew. 0% unless written. */
  readonly messageErrors?: Share | undefined;
  /** Share of messages that fail whenever they are delivered. 0% unless written. */
  readonly poison?: Share | undefined;
  /** From when until when what the function depends on is down: all messages fail. */
  readonly outages?: readonly Outage[] | undefined;
  /** Messages that fail for certain. */
  readonly failing?: readonly FailingItem[] | undefined;
  /** Handler time that each message of a batch adds to the function's. None unless written. */
  readonly messageDuration?: Distribution | undefined;
}

export interface FailingItem {
  /** Its place among the entry's messages, from 1. */
  readonly message: number;
  /** How many of its deliveries fail, from the first. 1 unless written. */
  readonly times?: "always" | number | undefined;
}

export interface Outage {
  readonly start: Duration;
  readonly end: Duration;
}

/** Moves dead-lettered messages back to the queue. */
export interface Redrive {
  readonly at: Duration;
}

/** Provisioned mode: pollers of ten invokes each. */
export interface ProvisionedPollers {
  /** 2 unless written. */
  readonly minimum?: number | undefined;
  /** 200 unless written. */
  readonly maximum?: number | undefined;
}

export interface EventbridgeInvoke {
  readonly type: "eventbridge";
  /** Retries after a function error, 1 and 2 minutes later. 2 unless written. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older event is given up. 6h unless written. */
  readonly maximumEventAge?: Duration | undefined;
  /** What becomes of an event that is given up. "drop" unless written, or "deadLetters" is. */
  readonly onFailure?: "drop" | "dead-letter" | "destination" | undefined;
  /** Share of events that are delivered once more, as happens at least once. 0% unless written. */
  readonly duplicates?: Share | undefined;
}

export interface SnsInvoke {
  readonly type: "sns";
  /** Retries after a function error, 1 and 2 minutes later. 2 unless written. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older event is given up. 6h unless written. */
  readonly maximumEventAge?: Duration | undefined;
  /** What becomes of an event that is given up. "drop" unless written, or "deadLetters" is. */
  readonly onFailure?: "drop" | "dead-letter" | "destination" | undefined;
  /** Share of events that are delivered once more, as happens at least once. 0% unless written. */
  readonly duplicates?: Share | undefined;
}

export interface S3Invoke {
  readonly type: "s3";
  /** Retries after a function error, 1 and 2 minutes later. 2 unless written. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older event is given up. 6h unless written. */
  readonly maximumEventAge?: Duration | undefined;
  /** What becomes of an event that is given up. "drop" unless written, or "deadLetters" is. */
  readonly onFailure?: "drop" | "dead-letter" | "destination" | undefined;
  /** Share of events that are delivered once more, as happens at least once. 0% unless written. */
  readonly duplicates?: Share | undefined;
}

export interface AsyncInvoke {
  readonly type: "async";
  /** Retries after a function error, 1 and 2 minutes later. 2 unless written. */
  readonly maximumRetryAttempts?: number | undefined;
  /** An older event is given up. 6h unless written. */
  readonly maximumEventAge?: Duration | undefined;
  /** What becomes of an event that is given up. "drop" unless written, or "deadLetters" is. */
  readonly onFailure?: "drop" | "dead-letter" | "destination" | undefined;
  /** Share of events that are delivered once more, as happens at least once. 0% unless written. */
  readonly duplicates?: Share | undefined;
}

export interface FunctionUrlInvoke {
  readonly type: "function-url";
  /** The client gives an attempt up after it; the function runs on. Never unless written. */
  readonly timeout?: Duration | undefined;
  /** Network time, there and back. None unless written. */
  readonly latency?: Distribution | undefined;
}

export interface ApiGatewayInvoke {
  readonly type: "api-gateway";
  /** A REST or an HTTP API. "rest" unless written. */
  readonly api?: "rest" | "http" | undefined;
  /** How long the API waits for the function: up to 300s (REST; AWS raises it on request) or 30s (HTTP). 29s or 30s unless written. */
  readonly integrationTimeout?: Duration | undefined;
  /** Requests a second that all APIs of the account may take together. 10000/s unless written. */
  readonly rate?: Rate | undefined;
  /** Requests that may come at once beyond the rate: the size of the bucket. Half the rate unless written. */
  readonly burst?: number | undefined;
  /** The client gives an attempt up after it; the function runs on. Never unless written. */
  readonly timeout?: Duration | undefined;
  /** Network time, there and back. None unless written. */
  readonly latency?: Distribution | undefined;
}

export interface SyncInvoke {
  readonly type: "sync";
  /** The client gives an attempt up after it; the function runs on. Never unless written. */
  readonly timeout?: Duration | undefined;
  /** Network time, there and back. None unless written. */
  readonly latency?: Distribution | undefined;
}

export type Retry =
  | "standard"
  | "none"
  | NoneRetry
  | StandardRetry
  | CustomRetry;

export interface CustomRetry {
  readonly type?: "custom" | undefined;
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** The longest wait before the first retry; it doubles with each one. */
  readonly backoff: Duration;
  /** 20s unless written. */
  readonly maximumBackoff?: Duration | undefined;
  /** "full" unless written: between nothing and the backoff, by chance. */
  readonly jitter?: "full" | "none" | undefined;
  /** All three unless written. */
  readonly on?: readonly ("throttle" | "error" | "timeout")[] | undefined;
  /** Retry tokens of a client, as the SDKs have them (500 there). Unlimited unless written. */
  readonly quota?: "unlimited" | number | undefined;
  /** Client processes, each with its own quota. 1 unless written. */
  readonly clients?: number | undefined;
}

export interface StandardRetry {
  readonly type: "standard";
  readonly clients?: number | undefined;
}

export interface NoneRetry {
  readonly type: "none";
}

export type HandlerTime =
  | string
  | PercentilesHandlerTime
  | SplitHandlerTime
  | ConstantHandlerTime
  | ExponentialHandlerTime
  | LognormalHandlerTime
  | GammaHandlerTime
  | WeibullHandlerTime
  | UniformHandlerTime
  | EmpiricalHandlerTime
  | MixtureHandlerTime
  | WorkHandlerTime;

export interface WorkHandlerTime {
  readonly type: "work";
  /** Time that does not depend on memory. */
  readonly io?: Distribution | undefined;
  /** CPU work as time on one full vCPU (1769 MB). */
  readonly cpu?: Distribution | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface MixtureHandlerTime {
  readonly type: "mixture";
  readonly of: readonly Component[];
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface EmpiricalHandlerTime {
  readonly type: "empirical";
  readonly values?: readonly Duration[] | undefined;
  /** Values by share, such as { "0": "80ms", "0.5": "120ms", "1": "2s" }. */
  readonly quantiles?: Readonly<Record<string, Duration>> | undefined;
  /** Of "quantiles": straight between them, or as a lognormal is ("log"; shares above 0 and below 1). */
  readonly interpolation?: "linear" | "log" | undefined;
  readonly file?: string | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface UniformHandlerTime {
  readonly type: "uniform";
  readonly min: Duration;
  readonly max: Duration;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface WeibullHandlerTime {
  readonly type: "weibull";
  readonly mean: Duration;
  readonly shape: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface GammaHandlerTime {
  readonly type: "gamma";
  readonly mean: Duration;
  readonly cv: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface LognormalHandlerTime {
  readonly type: "lognormal";
  readonly mean?: Duration | undefined;
  readonly cv?: number | undefined;
  readonly p50?: Duration | undefined;
  readonly p99?: Duration | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface ExponentialHandlerTime {
  readonly type: "exponential";
  readonly mean: Duration;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

export interface ConstantHandlerTime {
  readonly type: "constant";
  readonly value: Duration;
  /** The memory size this was measured at; at others it is longer or shorter. */
  readonly at?: Size | undefined;
  /** Share of it that was CPU work at that size; all of it unless written. */
  readonly cpuBound?: Share | undefined;
  /** vCPUs the code can use at once; 1 (single-threaded) unless written. */
  readonly parallelism?: number | undefined;
}

/** Waiting, and CPU work as time on one full vCPU (1769 MB). */
export interface SplitHandlerTime {
  readonly io?: Distribution | undefined;
  readonly cpu?: Distribution | undefined;
  readonly parallelism?: number | undefined;
}

/** Lognormal through p50 and p99. */
export interface PercentilesHandlerTime {
  readonly p50: string;
  readonly p99: string;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly at?: string | undefined;
  readonly cpuBound?: string | undefined;
  readonly parallelism?: number | undefined;
}

export type Component =
  | PercentilesComponent
  | ConstantComponent
  | ExponentialComponent
  | LognormalComponent
  | GammaComponent
  | WeibullComponent
  | UniformComponent
  | EmpiricalComponent
  | MixtureComponent;

export interface MixtureComponent {
  readonly type: "mixture";
  readonly of: readonly Component[];
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface EmpiricalComponent {
  readonly type: "empirical";
  readonly values?: readonly Duration[] | undefined;
  /** Values by share, such as { "0": "80ms", "0.5": "120ms", "1": "2s" }. */
  readonly quantiles?: Readonly<Record<string, Duration>> | undefined;
  /** Of "quantiles": straight between them, or as a lognormal is ("log"; shares above 0 and below 1). */
  readonly interpolation?: "linear" | "log" | undefined;
  readonly file?: string | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface UniformComponent {
  readonly type: "uniform";
  readonly min: Duration;
  readonly max: Duration;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface WeibullComponent {
  readonly type: "weibull";
  readonly mean: Duration;
  readonly shape: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface GammaComponent {
  readonly type: "gamma";
  readonly mean: Duration;
  readonly cv: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface LognormalComponent {
  readonly type: "lognormal";
  readonly mean?: Duration | undefined;
  readonly cv?: number | undefined;
  readonly p50?: Duration | undefined;
  readonly p99?: Duration | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface ExponentialComponent {
  readonly type: "exponential";
  readonly mean: Duration;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

export interface ConstantComponent {
  readonly type: "constant";
  readonly value: Duration;
  /** Its share of the draws is this over the sum of all weights. */
  readonly weight: number;
}

/** Lognormal through p50 and p99. */
export interface PercentilesComponent {
  readonly p50: string;
  readonly p99: string;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly weight: number;
}

export type Distribution =
  | string
  | PercentilesDistribution
  | ConstantDistribution
  | ExponentialDistribution
  | LognormalDistribution
  | GammaDistribution
  | WeibullDistribution
  | UniformDistribution
  | EmpiricalDistribution
  | MixtureDistribution;

export interface MixtureDistribution {
  readonly type: "mixture";
  readonly of: readonly Component[];
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface EmpiricalDistribution {
  readonly type: "empirical";
  readonly values?: readonly Duration[] | undefined;
  /** Values by share, such as { "0": "80ms", "0.5": "120ms", "1": "2s" }. */
  readonly quantiles?: Readonly<Record<string, Duration>> | undefined;
  /** Of "quantiles": straight between them, or as a lognormal is ("log"; shares above 0 and below 1). */
  readonly interpolation?: "linear" | "log" | undefined;
  readonly file?: string | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface UniformDistribution {
  readonly type: "uniform";
  readonly min: Duration;
  readonly max: Duration;
}

export interface WeibullDistribution {
  readonly type: "weibull";
  readonly mean: Duration;
  readonly shape: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface GammaDistribution {
  readonly type: "gamma";
  readonly mean: Duration;
  readonly cv: number;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface LognormalDistribution {
  readonly type: "lognormal";
  readonly mean?: Duration | undefined;
  readonly cv?: number | undefined;
  readonly p50?: Duration | undefined;
  readonly p99?: Duration | undefined;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface ExponentialDistribution {
  readonly type: "exponential";
  readonly mean: Duration;
  /** Values below are left out. */
  readonly min?: Duration | undefined;
  /** Values above are left out. */
  readonly max?: Duration | undefined;
}

export interface ConstantDistribution {
  readonly type: "constant";
  readonly value: Duration;
}

/** Lognormal through p50 and p99. */
export interface PercentilesDistribution {
  readonly p50: string;
  readonly p99: string;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}
