import { constantDistribution } from "../../distributions/constant.ts";
import type { Distribution } from "../../distributions/contract.ts";
import { logQuantiles } from "../../distributions/log-quantiles.ts";
import { LAMBDA_PERF } from "../../lambda/cold-start-data.ts";
import { type ColdStartRow, coldStartRow, isStaticBinary } from "../../lambda/cold-start-rows.ts";
import { MILLISECOND } from "../../units.ts";
import type { ColdStartPreset, ColdStartQuery, Dated } from "./contract.ts";

/**
 * Finding a place and fetching the package: 150 ms for up to 10 MB and 9 ms for each MB beyond, fitted to STeLLAR
 * (IISWC 2021). An image is fetched block by block as it is read, so its size does not matter; loading a language
 * runtime from it takes 150 ms more, a static binary nothing. How the 150 ms divide is assumed.
 */
const PLACEMENT_MS = 100;
const DOWNLOAD_MS = 50;
const SMALL_MB = 10;
const PER_MB_MS = 9;
const IMAGE_MS = 150;

const FITTED = { source: "assumed, fitted to STeLLAR (IISWC 2021)", date: "2021" };

export function downloadTime({ runtime, packageType, packageSize }: ColdStartQuery): Dated<Distribution> {
  const more =
    packageType === "zip"
      ? PER_MB_MS * Math.max(0, packageSize - SMALL_MB)
      : isStaticBinary(runtime)
        ? 0
        : IMAGE_MS;
  return { value: constantDistribution(Math.round((DOWNLOAD_MS + more) * MILLISECOND)), ...FITTED };
}

const laws = new Map<ColdStartRow, Distribution>();

/** Init Duration as measured: made once a row, since many functions share one. */
function initLaw(row: ColdStartRow): Distribution {
  let law = laws.get(row);
  if (!law) {
    // The least and the greatest of n values stand for half a value's share of the law each.
    law = logQuantiles([
      [0.5 / row.n, row.min * MILLISECOND],
      [0.5, row.p50 * MILLISECOND],
      [0.9, row.p90 * MILLISECOND],
      [0.99, row.p99 * MILLISECOND],
      [1 - 0.5 / row.n, row.max * MILLISECOND],
    ]);
    laws.set(row, law);
  }
  return law;
}

/**
 * Init Duration and the first handler run as measured. The first handler run shrinks as memory grows (just-in-time
 * compilers need CPU), so away from the measured sizes it is scaled by them; init does not.
 */
export function measuredColdStart(query: ColdStartQuery): ColdStartPreset {
  const { runtime, architecture, packageType, memorySize } = query;
  const row = coldStartRow(runtime, architecture, packageType, memorySize);
  const firstHandler = Math.round((row.firstHandler * MILLISECOND * row.memorySize) / memorySize);
  const measured = {
    source: `${LAMBDA_PERF.source}: ${row.runtime}, ${row.architecture}, ${row.packageType}, ${row.memorySize} MB, ${row.n} cold starts`,
    date: LAMBDA_PERF.date,
  };
  return {
    placement: { value: constantDistribution(PLACEMENT_MS * MILLISECOND), ...FITTED },
    download: downloadTime(query),
    initDuration: { value: initLaw(row), ...measured },
    firstHandler: { value: constantDistribution(firstHandler), ...measured },
  };
}
