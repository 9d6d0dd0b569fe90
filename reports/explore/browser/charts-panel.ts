import type { Theme } from "../../charts/theme.ts";
import type { ChartMessage, FromDrawer } from "../messages.ts";
import { byId, element, setText } from "./dom.ts";
import { Drawer } from "./workers.ts";

/** Charts this far (pixels) below or above what is in view are drawn too. */
const NEAR = 150;

interface Slot {
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
  readonly card: HTMLElement;
  readonly caption: HTMLElement;
  /** Always the same one: it keeps what it has compiled for the chart. */
  readonly drawer: Drawer;
  /** Undefined until the browser has said. */
  inView: boolean | undefined;
  chart: ChartMessage;
  /** What is to be seen, or being drawn: spec and theme, and the turn of that order. */
  drawn: string;
  ordered: number;
  /** The turn of what is to be seen. */
  put: number;
}

/** The charts of the newest run: those in view are drawn, the others when they come into view. */
export class ChartsPanel {
  private readonly slots = new Map<string, Slot>();
  private readonly drawing = new Set<string>();
  private readonly drawers: readonly Drawer[];
  private turn = 0;
  private readonly observer: IntersectionObserver;
  private readonly options: {
    theme(): Theme;
    /** Asks the engine for a chart's spec. */
    ask(name: string): void;
    /** All charts in view show the newest run. */
    painted(): void;
    fault(text: string): void;
  };

  constructor(options: ChartsPanel["options"]) {
    this.options = options;
    const count = (navigator.hardwareConcurrency ?? 1) > 1 ? 2 : 1;
    this.drawers = Array.from(
      { length: count },
      () => new Drawer((message) => this.receive(message), options.fault),
    );
    this.observer = new IntersectionObserver((entries) => this.moved(entries), {
      rootMargin: `${NEAR}px 0px`,
    });
  }

  get inView(): string[] {
    return [...this.slots.values()].filter(({ inView }) => inView).map(({ chart }) => chart.name);
  }

  /** The charts of a new run, in their order. */
  show(charts: readonly ChartMessage[]): void {
    const panel = byId("charts");
    const names = new Set(charts.map(({ name }) => name));
    for (const [name, slot] of this.slots) {
      if (names.has(name)) continue;
      this.observer.unobserve(slot.section);
      slot.section.remove();
      this.slots.delete(name);
      this.drawing.delete(name);
    }
    charts.forEach((chart, i) => {
      const slot = this.slots.get(chart.name) ?? this.slotFor(chart);
      slot.chart = chart;
      setText(slot.heading, chart.question);
      if (panel.children[i] !== slot.section) panel.insertBefore(slot.section, panel.children[i] ?? null);
      this.draw(slot);
    });
    this.tellIfPainted();
  }

  /** A spec that was asked for. */
  add(chart: ChartMessage): void {
    const slot = this.slots.get(chart.name);
    if (!slot) return;
    slot.chart = chart;
    this.draw(slot);
  }

  /** Draws what is in view again, in other colours. */
  repaint(): void {
    for (const slot of this.slots.values()) this.draw(slot);
  }

  private slotFor(chart: ChartMessage): Slot {
    const heading = element("h2", { id: `h-${chart.name}` });
    const card = element("div", {
      class: "card chart waiting",
      role: "region",
      tabindex: 0,
      "aria-labelledby": heading.id,
    });
    const caption = element("figcaption");
    const section = element(
      "section",
      { "data-chart": chart.name },
      heading,
      element("figure", {}, card, caption),
    );
    const drawer = this.drawers[this.slots.size % this.drawers.length]!;
    const slot: Slot = {
      section,
      heading,
      card,
      caption,
      drawer,
      inView: undefined,
      chart,
      drawn: "",
      ordered: 0,
      put: 0,
    };
    this.slots.set(chart.name, slot);
    this.observer.observe(section);
    return slot;
  }

  private moved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const slot = this.slots.get((target as HTMLElement).dataset.chart ?? "");
      if (!slot) continue;
      slot.inView = isIntersecting;
      this.draw(slot);
    }
    this.tellIfPainted();
  }

  private draw(slot: Slot): void {
    if (!slot.inView) return;
    const { spec, name } = slot.chart;
    if (spec === undefined) {
      this.drawing.add(name);
      this.options.ask(name);
      return;
    }
    const theme = this.options.theme();
    const key = `${theme} ${spec}`;
    if (slot.drawn === key) {
      if (slot.put === slot.ordered) this.finished(name);
      return;
    }
    slot.drawn = key;
    slot.ordered = ++this.turn;
    this.drawing.add(name);
    slot.drawer.draw({ name, spec, theme, turn: slot.ordered });
  }

  private receive(message: FromDrawer): void {
    const slot = this.slots.get(message.name);
    if ("fault" in message) this.options.fault(message.fault);
    else if (slot) {
      slot.put = message.turn;
      put(slot, message.svg);
    }
    if (!slot || message.turn === slot.ordered) this.finished(message.name);
  }

  private finished(name: string): void {
    this.drawing.delete(name);
    this.tellIfPainted();
  }

  private tellIfPainted(): void {
    const known = [...this.slots.values()].every(({ inView }) => inView !== undefined);
    if (known && this.drawing.size === 0) this.options.painted();
  }
}

/** Puts a drawn chart into its place. It is parsed as an image's XML, in which no script and no handler would run. */
function put({ card, caption, chart }: Slot, svg: string): void {
  const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
  if (documentElement.nodeName !== "svg") return;
  const image = document.importNode(documentElement, true);
  // The picture is one image with one text: Vega's names for its parts would only be read out besides.
  for (const part of image.querySelectorAll("[role], [aria-roledescription], [aria-label]"))
    for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
  for (const part of image.querySelectorAll("[id]")) part.id = `${chart.name}-${part.id}`;
  for (const part of image.querySelectorAll("[clip-path]"))
    part.setAttribute(
      "clip-path",
      (part.getAttribute("clip-path") ?? "").replace("url(#", `url(#${chart.name}-`),
    );
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", chart.finding);
  card.replaceChildren(image);
  card.classList.remove("waiting");
  setText(caption, chart.finding);
}
