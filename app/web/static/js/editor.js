// Brings the field of templates/components/toolbar.html to life: buttons and keys that write Markdown around the
// selection, a preview that the server makes, and pasted text that the server turns into Markdown. The field stays a plain text area; Tab leaves it as it leaves others.
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
      if (answer.ok && !answer.redirected) box.querySelector("[data-preview]").innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") box.open = false;
    }
  };

  // What is worth asking the server for: the plain text of anything else says as much.
  const FORMATTED =
    /<(?:ul|ol|li|table|a|b|strong|i|em|h[1-6]|blockquote|img|sup|p|div|br)[\s>/]|mso-list|font-weight|font-style/i;
  const LONGEST_HTML = 2_000_000; // characters, as the server has it
  const PATIENCE = 10_000; // milliseconds
  const OWN_LINES = /\n|^(?:[-*>|]|#{1,6}|\d+[.)]) /;

  const tell = (field, ...words) => {
    field.closest("[data-editor]").querySelector("[data-editor-said]").textContent = words.filter(Boolean).join(" ");
  };

  // Blocks need lines of their own, and an empty one on both sides. What goes into a line keeps the spaces around it.
  const settled = (markdown, plain, before, after) => {
    if (!OWN_LINES.test(markdown)) return /^ ?/.exec(plain)[0] + markdown + / ?$/.exec(plain)[0];
    const above = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const below = after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    return above + markdown + below;
  };

  // Writes over a stretch and leaves the caret where the person has it, also when they write somewhere else by now.
  const exchange = (field, from, to, text) => {
    const { selectionStart, selectionEnd } = field;
    const moved = (place) => (place >= to ? place + text.length - (to - from) : Math.min(place, from));
    if (document.activeElement === field) {
      replace(field, from, to, text);
      field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    } else {
      field.setRangeText(text, from, to, "preserve");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const markdownOf = async (field, html) => {
    const body = new FormData();
    body.append("html", html);
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(field.dataset.pasteUrl, { method: "POST", body, signal });
    if (answer.status === 413) return { problem: field.dataset.pasteLong };
    // A session that is over leads to the page for logging in, which is no Markdown.
    if (!answer.ok || answer.redirected) return { problem: field.dataset.pasteFailed };
    const images = Number(answer.headers.get("x-images-left-out")) > 0;
    return { markdown: await answer.text(), images: images && field.dataset.pasteImage };
  };

  // The plain text stands in the field at once, so nothing is lost whatever the server says; undo brings it back.
  const paste = async (field, html, plain) => {
    tell(field, "");
    const from = field.selectionStart;
    replace(field, from, field.selectionEnd, plain);
    if (html.length > LONGEST_HTML) {
      tell(field, field.dataset.pasteLong);
      return;
    }
    const { markdown, images, problem } = await markdownOf(field, html).catch(() => ({
      problem: field.dataset.pasteFailed,
    }));
    const to = from + plain.length;
    const { value } = field;
    if (problem) tell(field, problem);
    else if (value.slice(from, to) !== plain || markdown === plain || markdown === "") tell(field, images);
    else {
      exchange(field, from, to, settled(markdown, plain, value.slice(0, from), value.slice(to)));
      tell(field, field.dataset.pasteDone, images);
    }
  };

  // Some programs put HTML alone on the clipboard. A text area reads entities, and never any tag.
  const wordsOf = (html) => {
    const reader = document.createElement("textarea");
    reader.innerHTML = html.replace(/<(script|style)\b[^]*?<\/\1>|<!--[^]*?-->|<[^>]*>/gi, " ");
    return reader.value.replace(/\s+/g, " ").trim();
  };

  let asPlain = false; // Ctrl+Shift+V is pressed

  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (asPlain || !event.clipboardData || !field.matches?.("[data-richtext][data-paste-url]")) return;
    // Images inside the text make it long, and are left out anyway.
    const html = event.clipboardData.getData("text/html").replace(/(["'])data:[^"']*\1/gi, "$1$1");
    const plain = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    if (html && FORMATTED.test(html)) {
      event.preventDefault();
      paste(field, html, plain || wordsOf(html));
    } else if (!plain && event.clipboardData.files.length) {
      tell(field, field.dataset.pasteImage);
    }
  });

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
    asPlain = (event.ctrlKey || event.metaKey) && event.shiftKey;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    if (command) {
      event.preventDefault();
      COMMANDS[command](event.target);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      nextPoint(event, event.target);
    }
  });

  document.addEventListener("keyup", () => {
    asPlain = false;
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
