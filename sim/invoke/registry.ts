import { apiGateway } from "./api-gateway.ts";
import { async } from "./async.ts";
import { functionUrl } from "./function-url.ts";
import { sync } from "./sync.ts";

/** Every way to invoke a function that a scenario can name. A new kind is one file and one line here. */
export const INVOKES = [sync, apiGateway, functionUrl, async] as const;
