import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shortcuts } from "../keyboard.ts";
import { isHelpOpen } from "../session.ts";
import { Glyph } from "./glyph.tsx";
import { type Look, lookWords } from "./words.ts";

export function Help(): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <dialog ref={dialog} class="help" aria-label="Help" onClose={() => (isHelpOpen.value = false)}>
      <h2>Keys</h2>
      <dl>
        {shortcuts.map(([keys, does]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <h2>Signs</h2>
      <ul class="signs">
        {(Object.keys(lookWords) as Look[]).map((look) => (
          <li key={look}>
            <Glyph look={look} /> {lookWords[look]}
          </li>
        ))}
      </ul>
      <button autofocus onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
