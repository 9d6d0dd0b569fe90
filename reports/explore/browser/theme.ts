import type { Theme } from "../../charts/theme.ts";
import { byId, setText } from "./dom.ts";

const KEY = "lsim-theme";

/**
 * Light or dark: as the system has it, until the reader presses the button; that is remembered, where the browser lets
 * the page remember anything. Calls `changed` whenever it is another one.
 */
export function themeSwitch(changed: () => void): () => Theme {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = byId<HTMLButtonElement>("theme");
  let chosen = remembered();
  const now = (): Theme => chosen ?? (system.matches ? "dark" : "light");
  const show = () => {
    document.documentElement.dataset.theme = now();
    setText(button, now() === "dark" ? "Light" : "Dark");
    button.setAttribute("aria-label", now() === "dark" ? "Light colours" : "Dark colours");
  };
  button.addEventListener("click", () => {
    chosen = now() === "dark" ? "light" : "dark";
    remember(chosen);
    show();
    changed();
  });
  system.addEventListener("change", () => {
    show();
    changed();
  });
  show();
  return now;
}

function remembered(): Theme | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : undefined;
  } catch {
    // A page from a file may not be allowed to remember.
    return undefined;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds for this visit.
  }
}
