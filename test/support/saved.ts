import { charts } from "../../reports/charts/registry.ts";
import { renderSvg } from "../../reports/charts/render.ts";
import { KINDS, type KnownStudy } from "../../reports/review/registry.ts";
import { wordsOf } from "../../reports/review/words.ts";
import { explain } from "../../reports/text/explanations.ts";
import { summary } from "../../reports/text/summary.ts";
import { verdict } from "../../reports/text/verdict.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { replicate, type Study } from "../../study/replicate.ts";
import { digestOf, resultFile } from "../../study/result-file.ts";
import { judge } from "../../study/thresholds.ts";

/** A scenario as written, played. */
export const play = (file: object): Study => replicate(parseScenario({ lsim: 1, name: "test", ...file }));

/** A played study as its folder would hold it. */
export async function savedRun(study: Study): Promise<KnownStudy> {
  const judgements = judge(study);
  const drawn = charts(study);
  const { sentence, next } = verdict(study, judgements, "test.json");
  const words = wordsOf(
    study.scenario,
    drawn,
    {
      sentence,
      summary: summary(study, { digest: digestOf(study), judgements, command: "test.json" }),
      command: "lsim run test.json",
      ...(next && { next }),
      explanations: explain(study),
    },
    "0.0.0",
  );
  const svgs = await Promise.all(drawn.map(({ spec }) => renderSvg(spec)));
  return {
    kind: KINDS.find(({ sign }) => sign === "lsimResult")!,
    // What JSON does not keep is not there.
    study: JSON.parse(
      JSON.stringify({
        label: study.scenario.name,
        file: resultFile(study, "0.0.0"),
        words,
        charts: words.charts.map((chart, i) => ({ ...chart, svg: svgs[i]! })),
      }),
    ),
  };
}

/** Texts that mean something to whoever reads them: HTML, Markdown, spreadsheets, terminals, writing from right to left. */
export const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `]]> --> </style></svg></title><b>`,
  `a|b\`c\`\`d*e_f~g[h](javascript:alert(1))`,
  `=HYPERLINK("http://evil.example","x")`,
  `@everyone #1 https://evil.example`,
  `\u001b[2J\u001b]0;owned\u0007\u009b31m`,
  `user\u202Egnp.exe\u2066\u200F`,
  `שלום עולם`,
  `🦄 ${"👩‍👩‍👧‍👦".repeat(3)}`,
  `line one\nline two\r\n# heading\n- item`,
  `${"long ".repeat(2000)}end`,
  `\u0000\ud800`,
] as const;
