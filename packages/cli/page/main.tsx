import { render } from "preact";
import { App } from "./app.tsx";
import { acceptDrops, follow } from "./feed.ts";
import { listenToKeys } from "./keyboard.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
listenToKeys();
acceptDrops();
follow();
render(<App />, document.body);
