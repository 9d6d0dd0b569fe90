import { addressOf, commandOf, type PageState, stateFrom } from "../address.ts";
import { changesOf, described, OF_THE_RUN, type Value, type Values, valueAt, written } from "../control.ts";
import type { FromEngine } from "../messages.ts";
import type { PageData } from "../page.ts";
import { ChartsPanel } from "./charts-panel.ts";
import { copyText } from "./clipboard.ts";
import { ControlsPanel } from "./controls-panel.ts";
import { byId, setText } from "./dom.ts";
import { pause } from "./pause.ts";
import { ResultsPanel } from "./results-panel.ts";
import { themeSwitch } from "./theme.ts";
import { startEngine } from "./workers.ts";

/** The page is at rest when nothing was changed for so long: the address follows, and screen readers are told. */
const REST_MS = 600;

const data = JSON.parse(byId("data").textContent ?? "") as PageData;
const { controls, source, file } = data;

let state: PageState = { values: {}, baseline: {} };
let id = 0;
/** When the newest order was given, by its id. */
let ordered = performance.now();
let resultOf = 0;
let paintedOf = 0;
let simulated = 0;
let resting: ReturnType<typeof setTimeout> | undefined;
let copyScenario: ((text: string) => void) | undefined;

const theme = themeSwitch(() => chartsPanel.repaint());
const results = new ResultsPanel();
const engine = startEngine(receive, fault);
const chartsPanel = new ChartsPanel({
  theme,
  ask: (name) => engine.send({ type: "spec", name }),
  painted: () => void painted(),
  fault,
});
const controlsPanel = new ControlsPanel(controls, (path, value) => {
  setState({ ...state, values: { ...state.values, [path]: value } });
});

engine.send({ type: "open", source });
wireButtons();
restore();
addEventListener("hashchange", restore);

/** Takes the state from the address. */
function restore(): void {
  const { state: restored, unknown } = stateFrom(controls, location.hash);
  if (id > 0 && addressOf(controls, restored) === addressOf(controls, state)) return;
  const notice = byId("notice");
  notice.hidden = unknown.length === 0;
  setText(
    notice,
    `Not restored from the address, since this page has no such setting or value: ${unknown.join(", ")}`,
  );
  setState(restored);
}

/** Every change of anything comes through here: shown at once, and played. */
function setState(next: PageState): void {
  state = next;
  controlsPanel.show(state.values);
  showBaseline();
  const command = commandOf(file, controls, state.values);
  setText(byId("command"), command);
  byId("main").setAttribute("aria-busy", "true");
  ordered = performance.now();
  id++;
  const of = (values: Values) => changesWithRun(values);
  const base = state.baseline && { ...state.baseline, ...runOf(state.values) };
  engine.send({
    type: "play",
    order: {
      id,
      changes: of(state.values),
      baseline: base && of(base),
      command: command.replace(/^lsim run /, ""),
      inView: chartsPanel.inView,
    },
  });
  clearTimeout(resting);
  resting = setTimeout(rest, REST_MS);
}

/** The page plays few replications at a time, whatever the scenario says. */
function changesWithRun(values: Values) {
  const control = controls.find(({ path }) => path === "replications")!;
  const replications = { path: control.path, value: written(control, valueAt(control, values)) };
  return [replications, ...changesOf(controls, values).filter(({ path }) => path !== control.path)];
}

function runOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([path]) => OF_THE_RUN.includes(path)));
}

function rest(): void {
  const address = addressOf(controls, state);
  if (address !== location.hash.slice(1))
    history.replaceState(null, "", address === "" ? location.pathname + location.search : `#${address}`);
  if (resultOf === id) setText(byId("spoken"), results.spoken);
}

function showBaseline(): void {
  const { baseline, values } = state;
  const words = baseline && described(controls, baseline);
  const same = baseline && described(controls, values) === words;
  setText(
    byId("baseline"),
    baseline === null
      ? "Compared with nothing."
      : `Compared with the baseline: ${words === "" ? "the scenario as it was opened" : words}.${same ? " It is what is shown now." : ""}`,
  );
}

function receive(message: FromEngine): void {
  switch (message.type) {
    case "progress":
      showProgress(message.share);
      return;
    case "result": {
      // A result of an older order is still the newest that there is: sliders are followed while they move.
      resultOf = message.id;
      simulated = message.ms;
      byId("problems").hidden = true;
      results.show(message.view);
      chartsPanel.show(message.charts);
      if (message.id === id) settled();
      return;
    }
    case "problems": {
      if (message.id !== id) return;
      const problems = byId("problems");
      problems.hidden = false;
      problems.replaceChildren(
        "These settings cannot be played; the figures are those of before. ",
        ...message.problems.map((problem) => {
          const line = document.createElement("p");
          line.textContent = problem;
          return line;
        }),
      );
      settled();
      return;
    }
    case "spec":
      if (message.id === resultOf) chartsPanel.add(message.chart);
      return;
    case "scenario":
      copyScenario?.(message.text);
      return;
    case "fault":
      fault(message.message);
      return;
  }
}

function settled(): void {
  showProgress(1);
  byId("main").removeAttribute("aria-busy");
  // Its turn to be read out comes when the page is at rest.
  clearTimeout(resting);
  resting = setTimeout(rest, REST_MS);
}

function showProgress(share: number): void {
  const bar = byId<HTMLProgressElement>("progress");
  bar.hidden = share >= 1;
  bar.value = share;
}

/** All charts in view show the newest run: says how long that took, once it is on the screen. */
async function painted(): Promise<void> {
  if (resultOf !== id || paintedOf === id) return;
  const of = id;
  paintedOf = of;
  await new Promise(requestAnimationFrame);
  await pause();
  if (of !== id) return;
  const timing = byId("timing");
  const total = performance.now() - ordered;
  setText(timing, `Simulated in ${simulated.toFixed(0)} ms, on the screen after ${total.toFixed(0)} ms.`);
  timing.dataset.id = String(of);
  timing.dataset.simulated = simulated.toFixed(1);
  timing.dataset.total = total.toFixed(1);
}

function fault(text: string): void {
  const problems = byId("problems");
  problems.hidden = false;
  problems.replaceChildren(`A fault of lsim: ${text}`);
}

function wireButtons(): void {
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  const on = (button: string, act: () => void) => byId(button).addEventListener("click", act);
  on("pin", () => setState({ ...state, baseline: without(state.values) }));
  on("as-opened", () => setState({ ...state, baseline: {} }));
  on("no-baseline", () => setState({ ...state, baseline: null }));
  on("reset", () => setState({ ...state, values: {} }));
  on("copy-link", () => {
    rest();
    void copied("copy-link", copyText(location.href));
  });
  on("copy-command", () => void copied("copy-command", copyText(byId("command").textContent ?? "")));
  on("copy-scenario", () => {
    const text = new Promise<string>((resolve) => {
      copyScenario = resolve;
    });
    engine.send({ type: "scenario", changes: changesOf(controls, state.values) });
    void copied("copy-scenario", text.then(copyText));
  });
  on("by-hand-close", () => byId<HTMLDialogElement>("by-hand").close());
}

function without(values: Values): Values {
  const kept = Object.entries(values).filter(([path]) => !OF_THE_RUN.includes(path));
  return Object.fromEntries(kept as [string, Value][]);
}

/** Says on the button that it has copied. */
async function copied(button: string, done: Promise<boolean>): Promise<void> {
  if (!(await done)) return;
  const element = byId(button);
  element.dataset.label ??= element.textContent ?? "";
  element.textContent = "Copied";
  setText(byId("spoken"), "Copied");
  setTimeout(() => {
    element.textContent = element.dataset.label ?? "";
  }, 1500);
}
