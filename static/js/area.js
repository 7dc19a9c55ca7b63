// The time in the sealed area: typing counts, two minutes before its end a dialog asks, and when it is over no name
// stays on an unattended screen and nothing typed is lost.
"use strict";

const area = document.querySelector(".kok-area");
const page = document.querySelector(".kok-sealed__page");
const over = document.querySelector(".kok-area-over");
const warning = document.querySelector(".kok-area-warning");
const stayButton = warning.querySelector("button");
const WARNED = 120_000;
const ASKED_AT_MOST_EVERY = 60_000;
const tabs = new BroadcastChannel(`kok-area ${area.dataset.stayOn}`);
const LEFT = "left";
let closesAt = Date.now() + Number(area.dataset.secondsLeft) * 1000;
let askedAt = Date.now();
let typedAt = 0;
let asking; // for what is typed before one may ask again
let lastFocus = null;
let timers = [];

function plan() {
  timers.forEach(clearTimeout);
  const left = closesAt - Date.now();
  timers = [setTimeout(close, left)];
  if (left > WARNED) timers.push(setTimeout(warn, left - WARNED));
}

// What another tab or this one learned: open until then, in milliseconds and in words.
function goOn(until, words) {
  closesAt = until;
  for (const place of document.querySelectorAll("[data-area-until]")) place.textContent = words;
  if (until - Date.now() > WARNED) say("asking");
  plan();
}

// The dialog asks, or says once why asking did not help; while there is time it is closed.
function say(what) {
  for (const words of warning.querySelectorAll("[data-words]")) words.hidden = words.dataset.words !== what;
  warning.dataset.says = what;
  stayButton.querySelector(".kern-label").textContent = what === "asking" ? "Weiterarbeiten" : "Verstanden";
  if (what === "asking") warning.close();
}

async function stayOn() {
  clearTimeout(asking);
  askedAt = Date.now();
  const token = area.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(area.dataset.stayOn, { method: "POST", headers: { "X-CSRFToken": token } });
    const { secondsLeft, until } = answer.ok && !answer.redirected ? await answer.json() : {};
    if (!secondsLeft) return false;
    goOn(Date.now() + secondsLeft * 1000, until);
    tabs.postMessage([closesAt, until]);
    return true;
  } catch {
    return false; // no connection: the time goes on as it was
  }
}

function warn() {
  if (!warning.open && over.hidden) warning.showModal();
}

// Whatever key or button closes the dialog, somebody is there.
async function answer(event) {
  event.preventDefault();
  if (warning.dataset.says !== "asking") return warning.close();
  const isOpen = await stayOn();
  if (warning.open) say(isOpen ? "longest" : "unreached");
}

function close() {
  if (!typedAt) return location.replace(area.dataset.entrance);
  warning.close();
  area.hidden = true; // it says until when the area is open
  page.hidden = true;
  over.hidden = false;
  over.querySelector("h1").focus();
}

// Another tab is about to leave: the entrance may still lead in again, a page outside never does.
const outside = () => location.replace(area.dataset.outside);
const leave = () => (typedAt ? close() : outside());

over.querySelector("button").addEventListener("click", () => {
  over.hidden = true;
  page.hidden = false;
  (lastFocus ?? page.querySelector("h1")).focus();
});
stayButton.addEventListener("click", answer);
warning.addEventListener("cancel", answer);
page.addEventListener("focusin", (event) => { lastFocus = event.target; });
page.addEventListener("input", () => {
  typedAt = Date.now();
  const wait = askedAt + ASKED_AT_MOST_EVERY - typedAt;
  if (wait <= 0) return stayOn();
  clearTimeout(asking);
  asking = setTimeout(stayOn, wait); // not only when the end comes near: the time counts from the last key
});
tabs.addEventListener("message", ({ data }) => {
  if (data === LEFT) leave();
  else if (data[0] > closesAt) goOn(...data);
});
area.querySelector("form").addEventListener("submit", () => tabs.postMessage(LEFT));
new BroadcastChannel("kok-signed-out").addEventListener("message", outside);
tabs.postMessage([closesAt, area.querySelector("[data-area-until]").textContent]);
plan();
if (closesAt - Date.now() <= WARNED) warn();

// The browser may keep a left page as it was: going back asks the server again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
