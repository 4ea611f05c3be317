/** Colour, or none. */

import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

const formats = {
  title: "bold",
  dim: "dim",
  keyword: "magenta",
  string: "green",
  running: "cyan",
  done: "green",
  failed: "red",
  cancelled: "yellow",
  pack: ["green", "dim"],
} satisfies Record<string, Format>;

export type Style = keyof typeof formats;

export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export const coloured: Paint = (style, text) =>
  text === "" ? "" : styleText(formats[style], text, { validateStream: false });
