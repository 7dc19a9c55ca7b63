// Writing down a meeting without losing a word: saves while one types and ticks, keeps what is not saved yet in this
// browser, tries again when the line is down or one is signed in again, and says in words how things stand, beside what
// one writes. The pages work without this file.
(() => {
  "use strict";

  const page = document.querySelector("[data-minutes]");
  if (!page) return;

  const { read, fill, draftsOf, clock, signedOut, unreachable, token } = kokKeeping;
  const drafts = draftsOf(page.dataset.user);
  const LONGEST_WAIT = 60; // seconds between two tries
  const LONGEST_UNSAVED = 8000; // milliseconds of typing without a pause
  const MINUTE = 60 * 1000;
  const PAUSE = 2000; // milliseconds after which somebody has stopped ticking
  const WORDS = {
    open: "Noch nicht gespeichert",
    saving: "Wird gespeichert …",
    offline: "Keine Verbindung, Text liegt in diesem Browser",
    away: "Sie sind abgemeldet, Text liegt in diesem Browser",
    conflict: "Noch nicht gespeichert: Jemand anderes hat hier etwas geändert",
    refused: "Noch nicht gespeichert: Der Grund steht dabei",
  };
  const WORST_FIRST = ["away", "offline", "refused", "conflict", "open", "saving"];
  const FAILED = ["away", "offline", "refused", "conflict"];
  const places = new Map(); // by element: what is typed there

  // Something to fill in, at its element `root`; kept in this browser under `key`.
  class Place {
    constructor(root, key) {
      this.root = root;
      this.key = key;
      this.state = "";
      this.failures = 0;
      this.server = read(root);
      this.saved = this.value;
      root.addEventListener("input", () => this.changed());
    }

    get value() { return JSON.stringify(read(this.root).typed); }
    get dirty() { return this.value !== this.saved; }

    keep() {
      this.isKept = drafts.write(this.key, { ...read(this.root), at: Date.now() });
    }

    // What this browser still holds from before a reload, a sign-out or another click comes back, with a choice.
    restore() {
      const draft = drafts.read(this.key);
      if (!draft) return false;
      fill(this.root, { typed: draft.typed, shown: {} });
      if (!this.dirty) {
        drafts.remove(this.key);
        return false;
      }
      fill(this.root, draft);
      this.isKept = true;
      return draft;
    }

    offerChoice({ at }, kept) {
      const choice = document.querySelector("[data-restored]").content.firstElementChild.cloneNode(true);
      choice.querySelector("[data-when]").textContent = clock(at);
      choice.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if ("discard" in button.dataset) {
          fill(this.root, this.server);
          this.settled();
        } else kept();
        choice.remove();
        this.first?.focus();
      });
      this.root.prepend(choice);
    }

    get first() { return this.root.querySelector("textarea, input:not([type=hidden]), select"); }

    settled() {
      this.dirtySince = null;
      drafts.remove(this.key);
      this.say("");
    }

    // Tried again by itself: no click of the person is needed.
    failed(state) {
      this.failures += 1;
      this.keep();
      const wait = Math.min(2 ** this.failures, LONGEST_WAIT);
      this.say(state, state === "offline" ? `. Nächster Versuch in ${wait} Sekunden.` : ".");
      clearTimeout(this.retry);
      this.retry = setTimeout(() => {
        this.isByItself = true;
        this.again();
      }, wait * 1000);
    }

    say(state, more = "") {
      this.state = state;
      const { words } = this;
      this.serverWords ??= words.textContent;
      words.classList.toggle("kok-save--failed", FAILED.includes(state));
      words.textContent = state ? WORDS[state] + more : this.serverWords;
      this.offerSignIn(state === "away");
      overall();
    }

    // Stays where it is until it is of no use any more: a click on it always reaches it.
    offerSignIn(isAway) {
      if (!isAway) this.signIn?.remove();
      else if (!this.signIn?.isConnected) this.words.after((this.signIn = signInOffer()));
      if (isAway) lookForSignIn();
    }

    get words() { return this.root.querySelector("[data-state]"); }
  }

  function signInOffer() {
    const offer = document.createElement("p");
    const link = document.createElement("a");
    link.href = "/konto/login/?next=/";
    link.target = "_blank";
    link.textContent = "In neuem Fenster anmelden";
    offer.className = "kok-save";
    offer.append(link, " Kommen Sie danach in dieses Fenster zurück, alles Weitere geht von selbst.");
    return offer;
  }

  // What is saved by itself: the text of an item, the head of the minutes, a seat.
  class Autosaved extends Place {
    constructor(root) {
      super(root, root.id);
      this.unanswered = new Set(); // texts that were sent and may have arrived all the same
      const draft = this.restore();
      if (!draft) return;
      this.say("open");
      if (this.text) this.offerChoice(draft, () => this.save());
      else setTimeout(() => this.save());
    }

    get text() { return this.root.querySelector("textarea"); }
    get conflict() { return this.root.querySelector("[data-conflict]"); }
    get words() { return this.root.querySelector("[data-slot] [data-state]"); }

    get serverWords() { return (this.words.dataset.server ??= this.words.textContent); } // "Gespeichert um 10:42 Uhr"
    set serverWords(_) { /* each answer brings its own */ }

    changed() {
      clearTimeout(this.retry);
      if (!this.dirty) return this.settled();
      this.dirtySince ??= Date.now();
      this.keep();
      if (!FAILED.includes(this.state) && this.state !== "saving") this.say(this.conflict ? "conflict" : "open");
      if (Date.now() - this.dirtySince > LONGEST_UNSAVED) this.save();
    }

    save() { htmx.trigger(this.root, "kok:save"); }
    again() { if (this.dirty) this.save(); }

    // No request without need, and none on its own while a choice between two texts is open.
    mayAsk(elt) {
      const isAsked = this.isAsked || elt !== this.root;
      this.isAsked = false;
      return isAsked || (this.dirty && !this.conflict);
    }

    asked() {
      this.sent = this.value;
      if (!FAILED.includes(this.state)) this.say("saving");
    }

    answered(xhr) {
      if (signedOut(xhr)) return this.unheard("away");
      if (xhr.status === 200) return this.stored();
      if (xhr.status === 409) return this.collided();
      if (xhr.status === 422) return this.say("refused");
      this.unheard("offline");
    }

    unheard(state) {
      if (this.text) this.unanswered.add(this.sentText);
      this.failed(state);
    }

    get sentText() { return JSON.parse(this.sent)[this.text.name]; }

    stored() {
      this.saved = this.sent;
      this.failures = 0;
      this.unanswered.clear();
      clearTimeout(this.retry);
      this.root.querySelector("[data-restored-choice]")?.remove();
      if (!this.dirty) {
        // The answer may have replaced the whole place, when what the other person wrote was taken.
        page.dataset.saved = document.getElementById(this.root.id)?.querySelector("[data-state]").textContent ?? "";
        return this.settled();
      }
      this.dirtySince = Date.now();
      this.keep(); // over what is saved now
      this.say("open");
    }

    // Our own text whose answer got lost on the way is no conflict.
    collided() {
      const theirs = this.root.querySelector("[data-theirs]");
      if (theirs && this.unanswered.has(theirs.textContent)) {
        this.root.querySelector("[data-slot] input[type=hidden]").value = theirs.dataset.theirs;
        this.conflict.remove();
        return this.save();
      }
      this.say(this.conflict ? "conflict" : "refused");
      this.root.querySelector("[data-merge]")?.removeAttribute("hidden");
    }

    merge() {
      this.text.value += `\n\n${this.root.querySelector("[data-theirs]").textContent}`;
      this.changed();
      this.text.focus();
    }
  }

  // A form that was opened in place. It stays open beside others; closed without being sent, it comes back as it was.
  class Panel extends Place {
    constructor(root) {
      super(root, root.dataset.kept);
      this.panel = root.closest("[data-new]");
      if ("refused" in root.dataset) { // what the server sent back is not saved yet
        this.saved = "";
        return this.keep();
      }
      const draft = this.restore();
      if (!draft) return;
      this.offerChoice(draft, () => this.changed());
      root.querySelector("[data-restored-choice] button:not([data-discard])").remove();
    }

    changed() {
      if (this.dirty) this.keep();
      else drafts.remove(this.key);
    }

    again() {
      if (this.isWaiting) htmx.trigger(this.root, "submit");
      else if (this.state) this.say("");
    }

    mayAsk() { return true; }
    asked() { clearTimeout(this.retry); }

    answered(xhr, elt) {
      const state = signedOut(xhr) ? "away" : unreachable(xhr) ? "offline" : "";
      this.isWaiting = Boolean(state) && elt === this.root;
      if (this.isWaiting) this.failed(state);
      else if (state) this.say(state, ".");
      else if (xhr.getResponseHeader("HX-Retarget")) this.done();
      else if (xhr.status === 422) drafts.remove(this.key); // the form that takes its place keeps it
    }

    done() {
      drafts.remove(this.key);
      const proposal = this.root.elements.proposal?.value;
      this.panel.remove();
      places.delete(this.root);
      for (const place of places.values()) {
        // The wording that found no consent stands with the positions now.
        if (proposal && place instanceof Panel && place.root.elements.text?.value === proposal) place.done();
      }
      marks();
      overall();
    }
  }

  // What a button of the page sends with all the rest: a guest. It is kept until it stands in the list.
  class Noted extends Place {
    constructor(root) {
      super(root, root.dataset.noted);
      const draft = this.restore();
      if (!draft) return;
      const names = [...page.querySelectorAll("[data-guest]")].map((each) => each.textContent);
      if (names.some((name) => Object.values(draft.typed).includes(name))) {
        fill(root, this.server);
        drafts.remove(this.key);
        return;
      }
      root.closest("details").open = true;
      this.offerChoice(draft, () => this.changed());
      root.querySelector("[data-restored-choice] button:not([data-discard])").remove();
    }

    changed() {
      if (this.dirty) this.keep();
      else drafts.remove(this.key);
    }

    again() {}
    say() {}
  }

  // One sentence for the whole page, and one for those who hear it: only what is of another kind, once a minute at most.
  const worst = () => {
    const states = [...places.values()].map((place) => place.state);
    return WORST_FIRST.find((state) => states.includes(state));
  };

  function overall() {
    const state = worst();
    const sentence = state ? WORDS[state] : page.dataset.saved || "Alles gespeichert";
    const place = page.querySelector("[data-overall]");
    place.classList.toggle("kok-save--failed", FAILED.includes(state));
    if (place.textContent !== sentence) place.textContent = sentence;
    tell();
  }

  let [toldKind, toldAt, later] = ["", -MINUTE, 0];
  function tell() {
    clearTimeout(later);
    const state = worst();
    const kind = FAILED.includes(state) ? state : "";
    if (kind === toldKind || (state && !kind)) return;
    const wait = toldAt + MINUTE - performance.now();
    if (wait > 0) {
      later = setTimeout(tell, wait);
      return;
    }
    [toldKind, toldAt] = [kind, performance.now()];
    page.querySelector("[data-told]").textContent = kind ? WORDS[kind] : "Alles gespeichert";
  }

  // Whether the body can decide is said when it changed and one has stopped, not at each key.
  const finding = () => document.getElementById("beschlussfaehigkeit")?.textContent.replace(/\s+/g, " ").trim();
  let [heard, hearing] = [finding(), 0];
  function hearQuorum() {
    clearTimeout(hearing);
    hearing = setTimeout(() => {
      if (finding() === heard) return;
      heard = finding();
      page.querySelector("[data-quorum-told]").textContent = heard;
    }, PAUSE);
  }

  // Beside a link whose form was closed or left with something in it.
  function marks() {
    for (const link of page.querySelectorAll("a[data-open]")) {
      const draft = drafts.read(link.pathname);
      const isOpen = [...places.values()].some((place) => place.key === link.pathname);
      link.parentElement.querySelector(`[data-hint="${link.pathname}"]`)?.remove();
      if (!draft || isOpen) continue;
      const hint = document.createElement("span");
      hint.dataset.hint = link.pathname;
      hint.className = "kok-save--failed";
      hint.textContent = `(nicht festgehalten, von ${clock(draft.at)} Uhr)`;
      link.after(" ", hint);
    }
  }

  function discover() {
    for (const root of places.keys()) if (!root.isConnected) places.delete(root);
    for (const root of page.querySelectorAll("[data-autosave]")) if (!places.has(root)) places.set(root, new Autosaved(root));
    for (const root of page.querySelectorAll("[data-kept]")) if (!places.has(root)) places.set(root, new Panel(root));
    for (const root of page.querySelectorAll("[data-noted]")) if (!places.has(root)) places.set(root, new Noted(root));
    overall();
    hearQuorum();
  }

  // Not detail.elt: after a swap that took the form away, htmx tells it of its parent.
  const asking = new WeakMap(); // by request: which place, and the element that asked
  const placeOf = (elt) => {
    const root = elt.closest("[data-autosave], [data-kept]") ?? elt.closest("[data-new]")?.querySelector("[data-kept]");
    return places.get(root);
  };

  page.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "get") return;
    detail.headers["Kok-Account"] = page.dataset.user; // whoever signs in meanwhile saves nothing of this person
    const place = placeOf(detail.elt);
    if (place?.isByItself) detail.headers["Kok-By-Itself"] = "ja"; // keeps no session alive
    if (place) place.isByItself = false;
    if (!token()) return;
    // Signing in again in another window renews the token; the text here must still be accepted.
    detail.headers["X-CSRFToken"] = token();
    detail.parameters.csrfmiddlewaretoken = token();
  });
  page.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, verb } = event.detail.requestConfig;
    if (verb === "get") return openOnce(event, elt);
    const place = placeOf(elt);
    if (!place) return;
    if (!place.mayAsk(elt)) return event.preventDefault();
    asking.set(event.detail.xhr, [place, elt]);
    place.asked();
  });
  page.addEventListener("htmx:beforeSwap", (event) => {
    if (!signedOut(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    event.stopPropagation(); // told beside the text
  });
  page.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    const [place, elt] = asking.get(xhr) ?? [];
    asking.delete(xhr);
    if (place) place.answered(xhr, elt);
    else if (requestConfig.elt.matches("a[data-open]")) opened(requestConfig.elt, xhr);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    page.addEventListener(name, (event) => {
      const { elt } = event.detail.requestConfig;
      if (placeOf(elt) || elt.matches("a[data-open]")) event.stopPropagation(); // told beside the text
    });
  }
  document.addEventListener("htmx:load", discover);

  // A form that is open already is not opened twice.
  function openOnce(event, elt) {
    const open = elt.matches("a[data-open]") && [...places.values()].find((place) => place.key === elt.pathname);
    if (!open) return;
    event.preventDefault();
    open.first.focus();
  }

  function opened(link, xhr) {
    link.parentElement.querySelector("[data-not-opened]")?.remove();
    const state = signedOut(xhr) ? "away" : unreachable(xhr) ? "offline" : "";
    if (!state) return marks();
    const words = document.createElement("div");
    words.dataset.notOpened = "";
    words.className = "kok-save kok-save--failed";
    words.setAttribute("role", "alert");
    words.append(state === "away" ? "Sie sind abgemeldet." : "Keine Verbindung. Versuchen Sie es gleich noch einmal.");
    if (state === "away") words.append(" ", signInOffer());
    link.parentElement.append(words);
  }

  const wake = () => { for (const place of places.values()) place.again(); };
  addEventListener("online", wake);
  addEventListener("focus", wake);
  addEventListener("storage", wake);

  // Who signs in, in whatever window, gets a new token.
  let looking;
  function lookForSignIn() {
    if (looking) return;
    const before = token();
    looking = setInterval(() => {
      if (worst() !== "away") looking = clearInterval(looking);
      else if (token() !== before) {
        looking = clearInterval(looking);
        wake();
      }
    }, 1000);
  }

  let isLeaving = false; // with all that stands on the page
  addEventListener("beforeunload", (event) => {
    const isLost = (place) => (place instanceof Autosaved ? place.dirty : place.dirty && !place.isKept);
    if (!isLeaving && [...places.values()].some(isLost)) event.preventDefault();
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    wake();
  });

  // One form holds all fields, so that nothing is lost without this file; with it each place saves by itself.
  page.addEventListener("submit", (event) => {
    if (event.target.id === "teilnahme") leave();
    if (!event.target.matches("[data-by-itself]")) return;
    event.preventDefault();
    const place = event.submitter && placeOf(event.submitter);
    if (place) place.isAsked = true;
    if (place) place.save();
    wake();
  });

  // A button that sends everything: what it saves need not wait here.
  function leave() {
    isLeaving = true;
    for (const place of places.values()) if (place instanceof Autosaved) drafts.remove(place.key);
  }

  page.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { // closes a form that was opened in place; what stands in it comes back with it
      event.preventDefault();
      const section = dismiss.closest("[data-item]");
      dismiss.closest("[data-new]").remove();
      section.focus();
      discover();
      marks();
    }
    const place = event.target.closest("[data-merge], [data-over], [data-take]") && placeOf(event.target);
    if (!place) return;
    if (event.target.closest("[data-merge]")) place.merge();
    if (event.target.closest("[data-take]")) drafts.remove(place.key);
    if (event.target.closest("[data-over]")) {
      place.conflict.remove();
      place.save();
    }
  });

  // The agenda shows where one writes.
  page.addEventListener("focusin", (event) => {
    const section = event.target.closest("[data-item]");
    if (!section) return;
    page.querySelector(".kok-agenda [aria-current]")?.removeAttribute("aria-current");
    page.querySelector(`.kok-agenda a[href="#${section.id}"]`)?.setAttribute("aria-current", "true");
  });

  // On a phone the agenda makes room for the text.
  const agenda = page.querySelector(".kok-agenda");
  if (agenda && matchMedia("(max-width: 63.99em)").matches) agenda.open = false;

  discover();
  marks();
})();
