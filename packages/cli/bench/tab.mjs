/**
 * A tab of Chromium, over its protocol and nothing else: a library that listens to the network would have Chromium copy each message, in
 * the very thread that is measured.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { chromiumProgram } from "../../../scripts/chromium.mjs";

export class Tab {
  #browser;
  #folder;
  #socket;
  #answers = new Map();
  #last = 0;

  static async open() {
    const tab = new Tab();
    tab.#folder = mkdtempSync(join(tmpdir(), "joinery-tab-"));
    const options = ["--headless", "--no-sandbox", "--remote-debugging-port=0", "--no-first-run"];
    const folder = `--user-data-dir=${tab.#folder}`;
    const stdio = ["ignore", "ignore", "pipe"];
    tab.#browser = spawn(chromiumProgram(), [...options, folder, "about:blank"], { stdio });
    for await (const line of createInterface({ input: tab.#browser.stderr })) {
      const address = /ws:\/\/(.*)\/devtools/.exec(line)?.[1];
      if (address === undefined) continue;
      await tab.#connect(address);
      break;
    }
    return tab;
  }

  async #connect(address) {
    const targets = await (await fetch(`http://${address}/json/list`)).json();
    const { webSocketDebuggerUrl } = targets.find(({ type }) => type === "page");
    this.#socket = new WebSocket(webSocketDebuggerUrl);
    this.#socket.on("message", (data) => {
      const { id, result } = JSON.parse(data);
      this.#answers.get(id)?.(result);
    });
    await once(this.#socket, "open");
  }

  send(method, params = {}) {
    const id = ++this.#last;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  async evaluate(expression) {
    const { result } = await this.send("Runtime.evaluate", { expression, returnByValue: true });
    return result.value;
  }

  /** Waits until the expression is true. */
  async until(expression) {
    while (!(await this.evaluate(expression))) await pause(50);
  }

  async press(key) {
    const text = key.length === 1 ? { text: key } : {};
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key });
  }

  async close() {
    this.#socket.terminate();
    this.#browser.kill("SIGKILL");
    await once(this.#browser, "exit");
    await pause(200); // its other processes still write
    rmSync(this.#folder, { recursive: true, maxRetries: 5 });
  }
}
