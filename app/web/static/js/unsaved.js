// Asks before a person leaves a form marked data-guard with text that is neither saved nor kept as a draft (js/drafts.js).
// A form marked data-unsaved holds such text from the start: it was refused because somebody else had saved meanwhile.
"use strict";

(() => {
  const touched = new WeakSet();
  let leavingWith = null; // the form that is being sent: leaving the page with it is no loss

  const unsaved = (form) =>
    touched.has(form) || form.hasAttribute("data-unsaved") || form.querySelector("[data-error-summary]") !== null;

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-guard")) touched.add(form);
  });

  document.addEventListener("submit", (event) => {
    leavingWith = event.target;
  });

  // Sent by htmx: the page stays, so the form is either saved now or still to be guarded.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    const form = sourceElement.closest("form");
    if (form && response && response.status < 400) touched.delete(form);
    else leavingWith = null;
  });
  document.addEventListener("htmx:error", () => {
    leavingWith = null;
  });

  window.addEventListener("beforeunload", (event) => {
    const guarded = [...document.querySelectorAll("form[data-guard]")];
    const lost = (form) => form !== leavingWith && unsaved(form) && !window.samstyrDrafts?.isKept(form);
    if (guarded.some(lost)) event.preventDefault();
  });
})();
