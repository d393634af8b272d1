// Keeps what is typed in forms marked data-draft, for their writer alone: on the server after a short pause, and in this
// browser while the server cannot be reached or the session is over. What is kept here goes as soon as the server has it,
// and when the person logs out. The words stand in the page (data-word-…), so that they are translated with everything else.
"use strict";

(() => {
  const PAUSE = 900; // milliseconds without typing before a draft is sent
  const SLOWEST = 8_000; // milliseconds until an answer is not waited for any more
  const MOST_UNANSWERED = 3; // drafts of which it is not known whether the server has them
  const AGAIN = 10_000; // milliseconds until the next try while the server does not answer
  const NO_TEXT = new Set(["version", "idempotency_key", "draft_revision", "began", "again"]);
  const user = document.documentElement.dataset.user;
  const place = (key) => `samstyr:draft:${user}:${key}`;

  const states = new Map(); // form → what is known of its draft
  const formsWithDrafts = (root) => [...root.querySelectorAll("form[data-draft]")];

  const pairsOf = (form) =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NO_TEXT.has(name) && !name.includes("-"));
  const textOf = (form) => JSON.stringify(pairsOf(form));

  const entryOf = (form, state) => ({
    fields: pairsOf(form),
    version: form.elements.version?.value ?? "0",
    revision: state.revision,
    at: Date.now(),
  });

  // What stood in the form as the server sent it, whatever the browser has put back into its fields since.
  const sentText = (form) => {
    const copy = form.cloneNode(true);
    copy.reset();
    return textOf(copy);
  };

  // This browser's own memory. It may be full or forbidden: then the page itself is all there is.
  const remember = (key, entry) => {
    try {
      localStorage.setItem(place(key), JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  };
  const remembered = (key) => {
    try {
      return JSON.parse(localStorage.getItem(place(key)));
    } catch {
      return null;
    }
  };
  const forget = (key) => {
    try {
      localStorage.removeItem(place(key));
    } catch {
      // nothing was remembered either
    }
  };
  const rememberedKeys = (beginning) => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(beginning));
    } catch {
      return [];
    }
  };

  const lineOf = (form) => form.querySelector("[data-draft-line]");

  // Reads aloud when something has changed, and not every time that the clock has moved on.
  const tell = (form, state, said, extra) => {
    const line = lineOf(form);
    if (!line) return;
    line.setAttribute("aria-live", line.dataset.state === state ? "off" : "polite");
    line.dataset.state = state;
    line.replaceChildren(said);
    if (extra) line.append(" ", extra);
  };

  const logIn = (line) => {
    const link = document.createElement("a");
    link.className = "ds-link";
    link.href = line.dataset.logIn;
    link.target = "_blank";
    link.textContent = line.dataset.wordLogIn;
    return link;
  };

  const post = (key, entry, unanswered = []) => {
    const body = new URLSearchParams({
      user,
      key,
      version: entry.version,
      revision: entry.revision,
      fields: JSON.stringify(entry.fields),
      unanswered: `[${unanswered.join()}]`,
    });
    const keepalive = String(body).length < 60_000; // browsers let no more than this outlive a page
    return fetch("/drafts", { method: "POST", body, keepalive, signal: AbortSignal.timeout(SLOWEST) });
  };

  const keepHere = (form, state, entry, name, word) => {
    const here = remember(state.key, entry);
    const line = lineOf(form);
    state.kept = here ? state.sending : state.kept;
    if (line) tell(form, name, here ? line.dataset[word] : line.dataset.wordRefused, name === "signed-out" ? logIn(line) : null);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => send(form), AGAIN);
  };

  const send = async (form) => {
    const state = states.get(form);
    if (!state || state.closed || !form.isConnected) return;
    clearTimeout(state.timer);
    while (state.busy) await state.busy;
    if (state.closed || (state.kept === textOf(form) && !state.isHere)) return;
    const entry = entryOf(form, state);
    state.sending = JSON.stringify(entry.fields);
    state.busy = (async () => {
      let answer;
      try {
        answer = await post(state.key, entry, state.unanswered);
      } catch {
        // It may have been kept all the same. The server is told next time, or would take it for another window's.
        state.unanswered = [...state.unanswered.filter((text) => text !== state.sending), state.sending].slice(-MOST_UNANSWERED);
        state.isHere = true;
        return keepHere(form, state, entry, "offline", "wordOffline");
      }
      if (answer.status === 401 || answer.status >= 500) {
        state.isHere = true;
        const out = answer.status === 401;
        return keepHere(form, state, entry, out ? "signed-out" : "offline", out ? "wordSignedOut" : "wordOffline");
      }
      let said = {};
      try {
        said = await answer.json();
      } catch {
        // a page instead of a word: refused
      }
      if (answer.ok) {
        state.kept = state.sending;
        state.revision = said.revision;
        state.unanswered = [];
        state.isHere = false;
        forget(state.key);
        tell(form, "kept", said.said);
      } else if (answer.status === 409) {
        state.isHere = remember(state.key, entry);
        tell(form, "elsewhere", said.said);
      } else {
        tell(form, "refused", said.said ?? lineOf(form)?.dataset.wordRefused);
      }
    })();
    await state.busy;
    state.busy = null;
  };

  // Typed and taken back again: nothing is left to keep.
  const discard = async (form, state) => {
    forget(state.key);
    try {
      await fetch("/drafts/discard", { method: "POST", body: new URLSearchParams({ key: state.key }), redirect: "manual" });
    } catch {
      return; // the draft stays, and says so when the form is opened again
    }
    state.kept = state.begun;
    state.revision = 0;
    tell(form, "none", "");
  };

  const changed = (form) => {
    const state = states.get(form);
    if (!state) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      const text = textOf(form);
      if (text === state.kept && !state.isHere) return;
      if (text === state.begun && !state.hadDraft && state.revision > 0) discard(form, state);
      else if (text !== state.begun || state.hadDraft || state.revision > 0) send(form);
    }, PAUSE);
  };

  const put = (form, fields) => {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!values.has(field.name) || field.type === "hidden" || field.type === "file") continue;
      if (field.type === "radio") field.checked = values.get(field.name).includes(field.value);
      else field.value = values.get(field.name).shift() ?? "";
    }
    // More names than there are fields for them now: the last field takes the rest.
    for (const [name, rest] of values) {
      const last = [...form.elements].findLast((field) => field.name === name && field.type === "text");
      const left = rest.filter(Boolean);
      if (last && left.length) last.value = [last.value, ...left].filter(Boolean).join(", ");
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Text of this browser that the server never got: into the form when the server has nothing else, else it is offered.
  const bringBack = (form, state) => {
    const entry = remembered(state.key);
    if (!entry) return;
    const text = JSON.stringify(entry.fields);
    if (text === textOf(form)) {
      send(form);
    } else if (entry.revision === state.revision) {
      put(form, entry.fields);
      if (form.elements.version) form.elements.version.value = entry.version;
      send(form);
    } else {
      const line = lineOf(form);
      const use = document.createElement("button");
      use.type = "button";
      use.className = "ds-button";
      use.dataset.variant = "tertiary";
      use.dataset.size = "sm";
      use.textContent = line.dataset.wordUse;
      use.addEventListener("click", () => put(form, entry.fields));
      tell(form, "found", line.dataset.wordFound, use);
    }
  };

  const wake = (form) => {
    // A form that was refused holds what was typed: nobody has kept it yet.
    const isRefused = form.hasAttribute("data-unsaved") || form.querySelector("[data-error-summary]") !== null;
    const begun = isRefused ? null : sentText(form);
    const revision = Number(form.dataset.draftRevision);
    const state = { key: form.dataset.draft, begun, kept: begun, revision, hadDraft: revision > 0, unanswered: [], timer: 0, busy: null };
    states.set(form, state);
    bringBack(form, state);
    if (textOf(form) !== begun) changed(form); // refused, or the browser has put back what was typed before a reload
  };

  // Sent as a whole page: this page cannot see the answer. The text stays here until the next page says that it got through.
  const leaveWith = (form, state) => {
    state.closed = true;
    remember(state.key, { ...entryOf(form, state), sent: true });
  };
  const gotThrough = (entry) =>
    entry.sent && Date.now() - entry.at < 60_000 && performance.getEntriesByType("navigation")[0]?.redirectCount > 0;

  const wakeAll = () => {
    for (const form of [...states.keys()]) if (!form.isConnected) states.delete(form);
    for (const form of formsWithDrafts(document)) if (!states.has(form)) wake(form);
  };

  // What is left from pages that are not open any more. A page of its own form is opened by the person, not by us.
  const sendLeftovers = async () => {
    const open = new Set(formsWithDrafts(document).map((form) => form.dataset.draft));
    for (const name of rememberedKeys(place(""))) {
      const key = name.slice(place("").length);
      const entry = remembered(key);
      if (open.has(key) || !entry) continue;
      if (gotThrough(entry)) {
        forget(key);
        continue;
      }
      try {
        const answer = await post(key, entry);
        if (answer.ok) forget(key);
        else if (answer.status === 401 || answer.status >= 500) return;
      } catch {
        return;
      }
    }
  };

  const isKept = (form) => {
    const state = states.get(form);
    return Boolean(state) && (state.closed || state.kept === textOf(form));
  };

  // Saved or discarded: nothing of this form is kept any more.
  const close = (state) => {
    clearTimeout(state.timer);
    state.closed = true;
    forget(state.key);
  };

  // js/unsaved.js asks whether leaving loses anything.
  window.samstyrDrafts = { isKept };
  if (!user) return;

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-draft")) changed(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-draft")) changed(form);
  });

  // Saving ends the draft that this window knows of, and no other that a second window has kept.
  const sayRevision = (form, state) => {
    form.querySelector("input[name=draft_revision]")?.remove();
    if (state.unanswered.length > 0) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "draft_revision";
    field.value = state.revision;
    form.append(field);
  };

  // A draft under way would arrive after the text itself was saved, and come back as one that is not saved.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const discarded = form.dataset?.draftDiscard;
      const state = discarded ? [...states.values()].find((one) => one.key === discarded) : states.get(form);
      if (!state) return;
      clearTimeout(state.timer);
      if (!state.busy) {
        if (discarded) {
          close(state);
          return;
        }
        sayRevision(form, state);
        if (!form.hasAttribute("hx-post")) leaveWith(form, state);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      state.busy.finally(() => form.requestSubmit(submitter));
    },
    true,
  );

  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    const form = sourceElement.closest("form");
    if (!form?.hasAttribute("data-draft")) return;
    const state = states.get(form);
    if (response && response.status < 400 && state) close(state);
    else if (!response || response.status === 401 || response.status >= 500) send(form);
  });
  document.addEventListener("htmx:error", (event) => {
    const form = event.detail.ctx?.sourceElement?.closest?.("form[data-draft]");
    if (form) send(form);
  });
  document.addEventListener("htmx:after:swap", wakeAll);

  // The person leaves, the tab sleeps or the connection is back: what is typed goes at once.
  const sendAll = () => {
    for (const [form, state] of states) {
      if (state.closed || (isKept(form) && !state.isHere)) continue;
      send(form);
    }
  };
  document.addEventListener("visibilitychange", sendAll);
  window.addEventListener("focus", sendAll);
  window.addEventListener("online", sendAll);
  window.addEventListener("pagehide", () => {
    for (const [form, state] of states) {
      if (!leaving && !state.closed && !isKept(form)) remember(state.key, entryOf(form, state));
    }
  });

  let leaving = false; // logging out: nothing of this person stays in the browser
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-logout]")) return;
    leaving = true;
    for (const name of rememberedKeys("samstyr:draft:")) localStorage.removeItem(name);
  });

  wakeAll();
  sendLeftovers();
})();
