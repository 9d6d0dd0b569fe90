import { printNumber } from "../../sim/units.ts";
import { plusMinus } from "../text/cells.ts";
import { chartSections, section } from "./cells.ts";
import { printerOfFile } from "./comparison-part.ts";
import type { ReviewPart, SavedStudy } from "./review.ts";
import { againBlocks } from "./run-part.ts";

interface Value {
  readonly value: number | null;
  readonly ci95: number | null;
}

/** What a report reads of a compare.json that `--against` wrote. */
interface AgainstFile {
  readonly version: string;
  readonly fleet: {
    readonly instanceType: string;
    readonly pricePerHourUsd: number;
    readonly priceSource: string;
    readonly slots: number;
    readonly minimum: number;
    readonly maximum: number;
  };
  readonly rows: readonly {
    readonly name: string;
    readonly unit: string;
    readonly lambda: Value;
    readonly servers: Value;
    readonly difference: Value;
  }[];
  readonly breakEven: { readonly rate: number | null; readonly rateNow: number };
}

/** Lambda against a fleet of servers as a part of a review. */
export function againstPart({ file, words, charts, label }: SavedStudy, prefix: string): ReviewPart {
  const { version, fleet, rows, breakEven } = file as AgainstFile;
  const [picture, ...others] = charts;
  const name = words?.name ?? label;
  const text = ({ value, ci95 }: Value, unit: string, change = false) => {
    if (value === null) return "–";
    const { print, change: signed } = printerOfFile(unit);
    return `${(change ? signed : print)(value)}${plusMinus(ci95 ?? Number.NaN, print)}`;
  };
  return {
    name,
    what: "Lambda or servers",
    ...(words?.about && { about: words.about }),
    verdict: words?.sentence ?? `${name} on Lambda and on servers.`,
    objectivesTitle: "Side by side",
    objectives: rows.map(({ name, unit, lambda, servers }) => ({
      asked: name,
      found: `Lambda ${text({ ...lambda, ci95: null }, unit)}, servers ${text({ ...servers, ci95: null }, unit)}`,
      standing: "unsure",
      word: "",
    })),
    settings: [
      { path: "ec2.instanceType", now: fleet.instanceType },
      { path: "ec2.slots", now: String(fleet.slots) },
      { path: "ec2.servers", now: `${fleet.minimum} to ${fleet.maximum}` },
    ],
    settingsTitle: "Servers",
    provenance: [
      ["lsim", version],
      ["price of a server", `$${fleet.pricePerHourUsd} an hour, ${fleet.priceSource}`],
    ],
    picture,
    why: [],
    sections: [
      ...chartSections(others, prefix),
      ...section(`${prefix}rows`, "Side by side", [
        {
          kind: "table",
          columns: ["", "Lambda", "servers", "servers − Lambda"],
          numeric: [false, true, true, true],
          rows: rows.map(({ name, unit, lambda, servers, difference }) => [
            name,
            text(lambda, unit),
            text(servers, unit),
            text(difference, unit, true),
          ]),
        },
        {
          kind: "text",
          text:
            breakEven.rate === null
              ? "At no rate that they could take do these servers cost less than Lambda."
              : `The bills meet at ${printNumber(breakEven.rate)} requests a second; the run has ${printNumber(breakEven.rateNow)}.`,
        },
      ]),
      ...section(`${prefix}again`, "Make it again", againBlocks(words)),
    ],
  };
}
