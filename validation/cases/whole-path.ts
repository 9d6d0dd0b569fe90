import { evenly, run } from "../../test/support/lab.ts";
import type { Case, Known, Row } from "../case.ts";
import { dataset } from "../data.ts";
import { presetFunction, quantile } from "../runs.ts";

/** How much longer a median cold call of the default platform takes than its handler, in ms, simulated. */
function coldOverhead(settings: object): number {
  const cold = { duration: "10ms", keepAlive: "none", ...settings };
  const { f } = run(presetFunction("aws", cold, evenly("10/s"), "1000s"));
  return f.histograms!.coldLatency.quantile(0.5) / 1000 - 10;
}

const python = { runtime: "python3.12", memorySize: "2048 MB" };
const withFile = (size: string) => ({ ...python, package: { type: "zip", size } });

const ASSUMED = "placement and download are assumed";

/** A cold start as its client sees it: what no log divides into parts. */
export const wholePath: Case[] = [
  {
    id: "whole-path",
    group: "recorded",
    subject: "cold start",
    title: "Median cold start as the client sees it, less a warm call where that is known",
    source: "STeLLAR (IISWC 2021); cold_start_mikhailio/aws_2021-01_cold_response.csv",
    unit: "ms",
    run: (): Row[] => {
      const responses = (variant: string) =>
        1000 *
        quantile(
          dataset("cold_start_mikhailio/aws_2021-01_cold_response.csv")
            .filter((row) => row.variant === variant)
            .map((row) => Number(row.cold_response_s)),
          0.5,
        );
      const row = (what: string, expected: number, got: number, off?: Known["off"]): Row => ({
        what,
        expected,
        got,
        tolerance: 0.1 * expected,
        from: "goal",
        ...(off && { known: { why: ASSUMED, off } }),
      });
      const small = coldOverhead(withFile("10 MB"));
      const large = coldOverhead(withFile("110 MB"));
      // STeLLAR's clients saw a warm median of 44 ms.
      return [
        row("STeLLAR, Python at 2 GB, base functions", 448 - 44, coldOverhead(python), [-182, -141]),
        row("STeLLAR, Python at 2 GB, zip package", 360 - 44, coldOverhead(python), [-95, -63]),
        {
          ...row(
            "STeLLAR, 110 MB in the zip, as a multiple of 10 MB",
            3.5,
            (large + 44) / (small + 44),
            [0.53, 0.88],
          ),
          unit: "",
        },
        row(
          "mikhail.io 2021, Python, whole response",
          responses("python"),
          coldOverhead({ runtime: "python3.9" }),
        ),
        row(
          "mikhail.io 2021, JavaScript, whole response",
          responses("js"),
          coldOverhead({ runtime: "nodejs20.x" }),
          [30, 56],
        ),
      ];
    },
    off: {
      heading: "Placement and download are assumed",
      say: (rows) => {
        const figure = ({ what, expected, got, unit }: Row) =>
          unit === ""
            ? `* ${what}: ${expected.toFixed(1)} recorded, ${got.toFixed(1)} by default.`
            : `* ${what}: ${expected.toFixed(0)} ms recorded, ${got.toFixed(0)} ms by default (${got < expected ? "−" : "+"}${Math.abs(100 * (got / expected - 1)).toFixed(0)} %).`;
        return `A log's Init Duration leaves out finding a place and fetching the code, and the records used here do not divide them. The default is a constant: 150 ms, 9 ms for each MB of a zip package beyond 10, 150 ms more from an image. Against what clients saw:\n\n${rows.map(figure).join("\n")}\n\nThe records disagree among themselves by more than that (other years, other clients, network time included in the last two), and the constant has no spread, so the tail of a cold start is understated. Where cold latency matters, measure it from your own client and write \`placement\` and \`download\`.`;
      },
    },
  },
];
