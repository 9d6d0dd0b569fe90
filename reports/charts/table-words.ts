/** What is written on a chart of a table, which knows neither scenario nor limits. */
export interface TableWords {
  /** What the table is of. */
  readonly name?: string;
  /** Limits of concurrency, by what they are called: `{ "account concurrency": 1000 }`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What A and B of a comparison are called. */
  readonly labels?: readonly [string, string];
}
