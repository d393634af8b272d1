// Moves the focus where a person who cannot see the page needs it: to the list of errors after a refused form, and to
// the place that the address names. Everything else is left to the browser.
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

  // A form that came back with 422 was swapped into the page. Other swaps must not steal the focus.
  document.addEventListener("htmx:after:swap", (event) => {
    const status = event.detail.ctx?.response?.status;
    if (status === 422 || status === 409) focusErrors(document);
  });
})();
