// The user menu is a plain <details>. This closes it when the person goes elsewhere or presses Escape.
"use strict";

(() => {
  const open = () => document.querySelector("details.user-menu[open]");

  document.addEventListener("click", (event) => {
    const menu = open();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    const menu = open();
    if (!menu || event.key !== "Escape") return;
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
})();
