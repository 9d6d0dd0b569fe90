/** The recorded data: what they are, whose, and where to get them. Kept outside the repository. */
export const DATA = [
  {
    file: "aws-2020-replay.csv",
    what: "4,514 requests to AWS Lambda in eight runs of 28 h, May and June 2020",
    source:
      "pacslab/serverless-performance-modeling, commit 4b889700, `experiments/results/res-01-2020-*.csv`",
    licence: "MIT, (c) 2020 Nima Mahmoudi; N. Mahmoudi, H. Khazaei, IEEE TCC 2020",
  },
  {
    file: "lambda-perf-coldstart.csv",
    what: "Init Duration of 620 configurations, 82 days of June to August 2026",
    source: "maxday/lambda-perf, commit 6070b794, `data/2026-06-01.json` to `data/2026-08-22.json`",
    licence: "Apache-2.0",
  },
  {
    file: "cold_start_lambda_perf/",
    what: "ten cold starts of each of 632 configurations on 2025-09-15",
    source: "the same, `data/2025/2025-09-15.json`",
    licence: "Apache-2.0",
  },
  {
    file: "azure2019/",
    what: "250 functions, minutes 480 to 719 of a day of the Azure Functions Trace 2019",
    source: "eth-easl/dirigent, commit 143f50a3, `scripts/invitro_traces/samples/250`",
    licence: "CC-BY 4.0, Microsoft; Shahrad et al., USENIX ATC 2020; sample MIT, (c) 2024 EASL",
  },
  {
    file: "keep_alive/idle_survival_2025_big_step.csv, cloudwatch_logs/, power_curve/",
    what: "100 probes an idle time; logs of a function at 1, 5 and 12 calls a second (May 2025); durations by memory size",
    source: "ubc-cirrus-lab/demystifying-serverless-costs, commit d7729310, `dataset/`",
    licence: "MIT, (c) 2025 Lin, Ma, Shahrad; EuroSys 2026",
  },
  {
    file: "keep_alive/mikhailio_aws_2019-08_scatter.csv, cold_start_mikhailio/",
    what: "cold or warm after idle times, August 2019; cold response times, January 2021",
    source: "mikhailshilkov/mikhailio-hugo, commit 32ff980b, `data/`",
    licence: "MIT, (c) 2019 Mikhail Shilkov",
  },
  {
    file: "report_lines/",
    what: "REPORT lines in the spellings found in the wild",
    source:
      "aws-samples/serverless-patterns (fb7b5d06), alexcasalboni/aws-lambda-power-tuning (262ecc2d), DataDog/datadog-serverless-functions (b9af797e)",
    licence: "MIT-0, Apache-2.0, Apache-2.0",
  },
] as const;
