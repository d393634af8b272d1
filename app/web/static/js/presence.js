// Tells in the editor who else writes in which section, and tells them where this person writes. Sentences come from the
// server and are put in as text. Nothing is asked for while the window is hidden.
"use strict";

(() => {
  const EVERY = 15_000; // milliseconds between two questions
  const STILL = 60_000; // milliseconds without a key until a person counts as one who reads

  const page = document.querySelector("[data-presence-url]");
  if (!page) return;
  let part = null; // where the person writes
  let typed = 0;

  const show = (said) => {
    for (const place of page.querySelectorAll("[data-presence]")) {
      const sentence = said[place.dataset.presence] ?? "";
      if (place.textContent !== sentence) place.textContent = sentence;
    }
  };

  const ask = async () => {
    if (document.hidden) return;
    const writes = part && Date.now() - typed < STILL;
    const request = writes ? { method: "POST", body: new URLSearchParams({ part }) } : {};
    try {
      const answer = await fetch(page.dataset.presenceUrl, request);
      if (answer.ok) show(await answer.json());
    } catch {
      // no connection: who writes is not known, and what is shown goes with the next answer
    }
  };

  page.addEventListener("input", (event) => {
    const here = event.target.closest(".card")?.querySelector("[data-presence]")?.dataset.presence;
    if (!here) return;
    const moved = here !== part || Date.now() - typed > EVERY;
    part = here;
    typed = Date.now();
    if (moved) ask();
  });
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
})();
