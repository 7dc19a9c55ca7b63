// The sealed area: when its time is over no name stays on an unattended screen, and what was typed is not lost.
"use strict";

const area = document.querySelector(".kok-area");
const page = document.querySelector(".kok-sealed__page");
const over = document.querySelector(".kok-area-over");
let isTyped = false;

function close() {
  if (!isTyped) {
    location.replace(area.dataset.entrance);
    return;
  }
  page.hidden = true;
  over.hidden = false;
}

over.querySelector("button").addEventListener("click", () => {
  over.hidden = true;
  page.hidden = false;
});
page.addEventListener("input", () => { isTyped = true; });
setTimeout(close, Number(area.dataset.secondsLeft) * 1000);

// The browser may keep a left page as it was: going back asks the server again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
