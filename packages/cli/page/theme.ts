/** Dark or light: as the system has it, unless somebody has chosen. */

import { effect, signal, type Signal } from "@preact/signals";

const themes = ["system", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

const key = "joinery-theme";

export const theme: Signal<Theme> = signal(stored());

function stored(): Theme {
  const found = localStorage.getItem(key);
  return themes.find((each) => each === found) ?? "system";
}

export function switchTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] as Theme;
}

export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    localStorage.setItem(key, theme.value);
  });
}
