// Moves the focus where a person who cannot see the page needs it: to the list of errors after a refused form, to the
// place that the address names, and back to where it was in a form that was saved and swapped. Everything else is left to
// the browser.
"use strict";

(() => {
  const focusOn = (element) => {
    if (!element.hasAttribute("tabindex") && !element.matches("a[href], button, input, select, textarea, summary")) {
      element.setAttribute("tabindex", "-1");
    }
    element.focus();
  };

  const focusErrors = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
    return Boolean(summary);
  };

  const focusHash = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) focusOn(target);
  };

  if (!focusErrors(document)) focusHash();
  window.addEventListener("hashchange", focusHash);

  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const controlsOf = (element) => [...element.querySelectorAll(CONTROLS)];

  let left = null; // where the focus was in what is about to be replaced: the id of that, and which control it was

  document.addEventListener("htmx:before:swap", (event) => {
    const here = document.activeElement;
    const holder = event.detail.tasks.map((task) => task.target).find((target) => target?.id && target.contains?.(here));
    left = holder ? { id: holder.id, at: controlsOf(holder).indexOf(here), tag: here.tagName } : null;
  });

  // A form that came back with 422 was swapped into the page. Other swaps must neither steal the focus nor lose it: it goes
  // to the control that stands where the old one stood, or to the whole when there is none such any more.
  document.addEventListener("htmx:after:swap", (event) => {
    const status = event.detail.ctx?.response?.status;
    if ((status === 422 || status === 409) && focusErrors(document)) return;
    const place = left && document.getElementById(left.id);
    if (!place || document.activeElement !== document.body) return;
    const control = status < 400 && controlsOf(place)[left.at];
    focusOn(control && control.tagName === left.tag ? control : place);
  });
})();
