// Says that a request did not get through. Without this a failed htmx request would leave the page as it was, silently.
// The words stand in the page (data-failed), so that they are translated with everything else.
"use strict";

(() => {
  const HANDLED = [409, 422]; // these bring the form back, with the reason in it

  const tell = (status) => {
    const place = document.getElementById("flashes");
    if (!place) return;
    const text = document.createElement("p");
    text.className = "ds-paragraph";
    text.textContent = status === 401 ? place.dataset.signedOut : status ? place.dataset.failed : place.dataset.noAnswer;
    if (status === 401) {
      const link = document.createElement("a");
      link.className = "ds-link";
      link.href = place.dataset.logIn;
      link.target = "_blank";
      link.textContent = place.dataset.wordLogIn;
      text.append(" ", link);
    }
    const box = document.createElement("div");
    box.className = "ds-alert alert";
    box.dataset.color = "danger";
    box.append(text);
    place.replaceChildren(box);
    place.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("htmx:response:error", (event) => {
    if (!HANDLED.includes(event.detail.ctx.response.status)) tell(event.detail.ctx.response.status);
  });
  document.addEventListener("htmx:error", () => tell(0));
})();
