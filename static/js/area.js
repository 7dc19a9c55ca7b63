// The time in the sealed area: typing counts, two minutes before its end a dialog asks, and when it is over no name
// stays on an unattended screen. What was typed waits out of sight, until the area is open again by the code of who
// typed it; who left the area took it along.
"use strict";

{
  const area = document.querySelector(".kok-area");
  const page = document.querySelector(".kok-sealed__page");
  const over = document.querySelector(".kok-area-over");
  const warning = document.querySelector(".kok-area-warning");
  const stayButton = warning.querySelector("button");
  const hidden = document.createComment("");
  const WARNED = 120_000;
  const ASKED_AT_MOST_EVERY = 60_000;
  const LEFT = "left";
  const [OPEN, CLOSED, UNREACHED] = ["open", "closed", "unreached"];
  const here = area.dataset.stayOn;
  const tabs = new BroadcastChannel("kok-area");
  let closesAt = Date.now() + Number(area.dataset.secondsLeft) * 1000;
  let askedAt = Date.now();
  let typedAt = 0;
  let asking; // for what is typed before one may ask again
  let lastFocus = null;
  let timers = [];

  const tell = (what) => tabs.postMessage({ where: here, ...what });

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
      const answer = await fetch(here, { method: "POST", headers: { "X-CSRFToken": token } });
      if (answer.status >= 500) return UNREACHED;
      if (!answer.ok || answer.redirected) return CLOSED; // left, put out, signed out: what the page thinks is over
      const { secondsLeft, until, account } = await answer.json();
      if (String(account) !== area.dataset.account) return CLOSED; // somebody else signed in here
      goOn(Date.now() + secondsLeft * 1000, until);
      tell({ closesAt, until });
      return OPEN;
    } catch {
      return UNREACHED; // no connection: the time goes on as it was
    }
  }

  function warn() {
    if (!warning.open && over.hidden) warning.showModal();
  }

  // Whatever key or button closes the dialog, somebody is there.
  async function answer(event) {
    event.preventDefault();
    if (warning.dataset.says !== "asking") return warning.close();
    const found = await stayOn();
    if (found === CLOSED) close();
    else if (warning.open) say(found === OPEN ? "longest" : "unreached");
  }

  async function typed() {
    if ((await stayOn()) === CLOSED) close();
  }

  function close() {
    if (!typedAt) return location.replace(area.dataset.entrance);
    if (!over.hidden) return;
    timers.forEach(clearTimeout);
    clearTimeout(asking);
    warning.close();
    area.hidden = true; // it says until when the area is open
    page.replaceWith(hidden);
    over.hidden = false;
    over.querySelector("h1").focus();
  }

  // Another tab says that the area is open again: shown is only what the server says so too, of the same account.
  async function reopen() {
    if ((await stayOn()) !== OPEN || over.hidden) return;
    over.hidden = true;
    area.hidden = false;
    hidden.replaceWith(page);
    (lastFocus ?? page.querySelector("h1")).focus();
  }

  // Another tab is about to leave: the entrance may still lead in again, a page outside never does.
  const outside = () => location.replace(area.dataset.outside);

  stayButton.addEventListener("click", answer);
  warning.addEventListener("cancel", answer);
  page.addEventListener("focusin", (event) => { lastFocus = event.target; });
  page.addEventListener("input", () => {
    typedAt = Date.now();
    const wait = askedAt + ASKED_AT_MOST_EVERY - typedAt;
    if (wait <= 0) return typed();
    clearTimeout(asking);
    asking = setTimeout(typed, wait); // not only when the end comes near: the time counts from the last key
  });
  tabs.addEventListener("message", ({ data }) => {
    if (data.where !== here) return data.what === LEFT || close(); // one browser is in one area
    if (data.what === LEFT) return outside();
    if (!over.hidden) return reopen();
    if (data.closesAt > closesAt) goOn(data.closesAt, data.until);
  });
  area.querySelector("form").addEventListener("submit", () => tell({ what: LEFT }));
  new BroadcastChannel("kok-signed-out").addEventListener("message", outside);
  tell({ closesAt, until: area.querySelector("[data-area-until]").textContent });
  plan();
  if (closesAt - Date.now() <= WARNED) warn();

  // The browser may keep a left page as it was: going back asks the server again.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
