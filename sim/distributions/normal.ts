import { normalQuantileOf } from "../math/functions.ts";
import { tableOnce } from "./table.ts";

/** The standard normal law as a table: the one behind every lognormal. */
export const standardNormal = tableOnce(normalQuantileOf);
