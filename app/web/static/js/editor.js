// Brings the field of templates/components/toolbar.html to life: buttons and keys that write Markdown around the
// selection, and a preview that the server makes. The field stays a plain text area; Tab leaves it as it leaves others.
"use strict";

(() => {
  const WAIT = 400; // milliseconds without typing before the preview is asked for
  const KEYS = { b: "bold", i: "italic", k: "link" };

  const BULLET = /^[-*+] /;
  const NUMBER = /^\d+[.)] /;

  const fieldOf = (element) => element.closest("[data-editor]")?.querySelector("[data-richtext]");

  // The old command is used because it alone lets the browser's undo work; where it is gone, the text is still written.
  const replace = (field, from, to, text) => {
    field.focus();
    field.setSelectionRange(from, to);
    if (text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Puts marks around the selection, or takes them away when they are there already.
  const wrap = (field, mark) => {
    const { selectionStart: from, selectionEnd: to, value } = field;
    const width = mark.length;
    const outside = value.slice(from - width, from) === mark && value.slice(to, to + width) === mark;
    // One star beside another belongs to bold, and is not ours to take away.
    const doubled = mark === "*" && value[from - 2] === "*" && value[from - 3] !== "*";
    if (outside && !doubled) {
      const inner = value.slice(from, to);
      replace(field, from - width, to + width, inner);
      field.setSelectionRange(from - width, from - width + inner.length);
      return;
    }
    const inner = value.slice(from, to) || field.dataset.wordText;
    replace(field, from, to, mark + inner + mark);
    field.setSelectionRange(from + width, from + width + inner.length);
  };

  const link = (field) => {
    const { selectionStart: from, selectionEnd: to, value } = field;
    const shown = value.slice(from, to) || field.dataset.wordLink;
    const address = "https://";
    replace(field, from, to, `[${shown}](${address})`);
    const start = from + shown.length + 3;
    field.setSelectionRange(start, start + address.length);
  };

  // Begins every chosen line with a mark, or takes the marks away when all of them have it. A mark of the other kind of
  // list gives way.
  const lines = (field, pattern, markOf, other = pattern) => {
    const { value } = field;
    const from = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const after = value.indexOf("\n", field.selectionEnd);
    const to = after === -1 ? value.length : after;
    const chosen = value.slice(from, to).split("\n");
    const marked = chosen.every((line) => pattern.test(line));
    const bare = (line) => line.replace(marked ? pattern : other, "");
    const text = chosen.map((line, index) => (marked ? "" : markOf(index)) + bare(line)).join("\n");
    replace(field, from, to, text);
    field.setSelectionRange(chosen.length > 1 ? from : from + text.length, from + text.length);
  };

  // A block of its own needs an empty line before and after.
  const block = (field, text) => {
    const { selectionEnd: at, value } = field;
    const before = at === 0 || value.slice(0, at).endsWith("\n\n") ? "" : value[at - 1] === "\n" ? "\n" : "\n\n";
    replace(field, at, at, `${before}${text}\n\n`);
  };

  const table = (field) => {
    const column = field.dataset.wordColumn;
    block(field, `| ${column} 1 | ${column} 2 |\n| --- | --- |\n|  |  |`);
  };

  const COMMANDS = {
    bold: (field) => wrap(field, "**"),
    italic: (field) => wrap(field, "*"),
    link,
    heading: (field) => lines(field, /^#{1,6} /, () => "## "),
    bullets: (field) => lines(field, BULLET, () => "- ", NUMBER),
    numbers: (field) => lines(field, NUMBER, (index) => `${index + 1}. `, BULLET),
    quote: (field) => lines(field, /^> ?/, () => "> "),
    table,
  };

  // Enter in a list begins the next point; Enter in an empty point ends the list.
  const nextPoint = (event, field) => {
    const { selectionStart: at, selectionEnd: to, value } = field;
    if (at !== to || event.shiftKey || event.isComposing) return;
    const from = value.lastIndexOf("\n", at - 1) + 1;
    const point = /^(\s*)(?:([-*+])|(\d+)([.)])) (.*)$/.exec(value.slice(from, at));
    if (!point) return;
    event.preventDefault();
    const [, indent, bullet, number, stop, text] = point;
    if (text.trim() === "") replace(field, from, at, "");
    else replace(field, at, at, `\n${indent}${bullet ?? `${Number(number) + 1}${stop}`} `);
  };

  // One stop for Tab; the arrows move inside, as the pattern for toolbars asks.
  const move = (event, toolbar) => {
    const tools = [...toolbar.querySelectorAll("button")];
    const here = tools.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tools.length - 1 }[event.key];
    if (to === undefined || here === -1) return;
    event.preventDefault();
    const next = tools[(to + tools.length) % tools.length];
    tools.forEach((tool) => tool.setAttribute("tabindex", tool === next ? "0" : "-1"));
    next.focus();
  };

  const asked = new WeakMap(); // field → what is under way for its preview

  const preview = async (field) => {
    const box = field.closest("[data-editor]").querySelector("[data-preview-box]");
    if (!box?.open) return;
    asked.get(field)?.abort();
    const request = new AbortController();
    asked.set(field, request);
    try {
      const body = new URLSearchParams({ text: field.value });
      const answer = await fetch(field.dataset.previewUrl, { method: "POST", body, signal: request.signal });
      // The server's HTML is built from the stored block tree and holds nothing else.
      if (answer.ok) box.querySelector("[data-preview]").innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") box.open = false;
    }
  };

  const timers = new WeakMap();

  const wake = (root) => {
    for (const toolbar of root.querySelectorAll("[data-toolbar][hidden]")) {
      toolbar.hidden = false;
      toolbar.querySelectorAll("button").forEach((tool, index) => tool.setAttribute("tabindex", index ? "-1" : "0"));
    }
    for (const box of root.querySelectorAll("[data-preview-box][hidden]")) {
      box.hidden = false;
      box.addEventListener("toggle", () => preview(fieldOf(box)));
    }
  };

  document.addEventListener("click", (event) => {
    const tool = event.target.closest?.("[data-toolbar] [data-command]");
    if (tool) COMMANDS[tool.dataset.command](fieldOf(tool));
  });

  document.addEventListener("keydown", (event) => {
    const toolbar = event.target.closest?.("[data-toolbar]");
    if (toolbar) move(event, toolbar);
    if (!event.target.matches?.("[data-richtext]")) return;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    if (command) {
      event.preventDefault();
      COMMANDS[command](event.target);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      nextPoint(event, event.target);
    }
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-richtext][data-preview-url]")) return;
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => preview(field), WAIT));
  });

  wake(document);
  document.addEventListener("htmx:after:swap", () => wake(document));
})();
