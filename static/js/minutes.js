// Writing minutes without losing a word: saves while one types, keeps what is not saved yet in this browser,
// tries again when the line is down, and says in words how things stand. The page works without this file.
(() => {
  "use strict";

  const page = document.querySelector("[data-minutes]");
  if (!page) return;

  const PREFIX = `kok.protokoll.${page.dataset.user}.`; // frame.js removes what begins so at sign-out
  const LONGEST_WAIT = 60; // seconds between two tries
  const LONGEST_UNSAVED = 8000; // milliseconds of typing without a pause
  const WORDS = {
    open: "Noch nicht gespeichert",
    saving: "Wird gespeichert …",
    offline: "Keine Verbindung, Text liegt in diesem Browser",
    away: "Sie sind abgemeldet, Text liegt in diesem Browser",
    conflict: "Noch nicht gespeichert: Der Abschnitt wurde von anderer Seite geändert",
    refused: "Noch nicht gespeichert: Der Grund steht beim Text",
  };
  const WORST_FIRST = ["away", "offline", "refused", "conflict", "open", "saving"];
  const FAILED = ["away", "offline", "refused", "conflict"];
  const sections = new Map();

  // A browser may refuse to store (full, private window); then the warning before leaving remains.
  const store = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    write(key, draft) {
      try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* see above */ }
    },
    remove(key) {
      try { localStorage.removeItem(key); } catch { /* see above */ }
    },
  };

  const clock = (moment) => new Date(moment).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
  const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
  const signedOut = (xhr) =>
    [401, 403].includes(xhr.status) || new URL(xhr.responseURL || location.href).pathname.startsWith("/konto/");

  class Section {
    constructor(form) {
      this.form = form;
      this.key = PREFIX + form.dataset.autosave;
      this.saved = this.value;
      this.state = "";
      this.failures = 0;
      this.unanswered = new Set(); // texts that were sent and may have arrived all the same
      form.addEventListener("input", () => this.changed());
      this.restore();
    }

    get fields() { return this.form.elements; }
    get value() { return JSON.stringify([this.fields.text.value, this.fields.result.value]); }
    get dirty() { return this.value !== this.saved; }
    get conflict() { return this.form.querySelector("[data-theirs]"); }

    changed() {
      clearTimeout(this.retry);
      if (!this.dirty) return this.settled();
      this.dirtySince ??= Date.now();
      this.keep();
      if (this.state !== "saving") this.say(this.conflict ? "conflict" : "open");
      if (Date.now() - this.dirtySince > LONGEST_UNSAVED) this.save();
    }

    keep() {
      const { text, result, revision } = this.fields;
      store.write(this.key, { text: text.value, result: result.value, revision: revision.value, at: Date.now() });
    }

    // What this browser still holds from before a reload or a sign-out comes back into the field, with a choice.
    restore() {
      const draft = store.read(this.key);
      if (!draft) return;
      const { text, result, revision } = this.fields;
      const server = [text.value, result.value, revision.value];
      [text.value, result.value] = [draft.text, draft.result];
      if (!this.dirty) return store.remove(this.key);
      revision.value = draft.revision;
      this.say("open");
      const choice = document.querySelector("[data-restored]").content.firstElementChild.cloneNode(true);
      choice.querySelector("[data-when]").textContent = clock(draft.at);
      choice.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if ("discard" in button.dataset) {
          [text.value, result.value, this.fields.revision.value] = server;
          this.settled();
        } else this.save();
        choice.remove();
        text.focus();
      });
      this.form.prepend(choice);
    }

    save() { htmx.trigger(this.form, "kok:save"); }

    // No request without need, and none on its own while a choice between two texts is open.
    mayAsk(event) { return event?.type === "submit" || (this.dirty && !this.conflict); }

    asked() {
      this.sent = this.value;
      this.say("saving");
    }

    answered(xhr) {
      if (signedOut(xhr)) return this.failed("away");
      if (xhr.status === 200) return this.stored();
      if (xhr.status === 409) return this.collided();
      if (xhr.status === 422) return this.say("open");
      this.failed("offline");
    }

    stored() {
      this.saved = this.sent;
      this.failures = 0;
      this.unanswered.clear();
      this.form.querySelector("[data-restored-choice]")?.remove();
      if (!this.dirty) {
        // The answer may have replaced the whole form, when the text of the other person was taken.
        page.dataset.saved = document.getElementById(this.form.id).querySelector("[data-state]").textContent;
        return this.settled();
      }
      this.dirtySince = Date.now();
      this.keep(); // with the new revision
      this.say("open");
    }

    settled() {
      this.dirtySince = null;
      store.remove(this.key);
      this.say("");
    }

    // Our own text whose answer got lost on the way is no conflict.
    collided() {
      const theirs = this.conflict;
      if (theirs && this.unanswered.has(theirs.textContent)) {
        this.fields.revision.value = theirs.dataset.theirs;
        theirs.closest("[data-conflict]").remove();
        return this.save();
      }
      this.say(theirs ? "conflict" : "refused");
      this.form.querySelector("[data-merge]")?.removeAttribute("hidden");
    }

    failed(state) {
      this.unanswered.add(JSON.parse(this.sent)[0]);
      this.failures += 1;
      this.keep();
      const wait = Math.min(2 ** this.failures, LONGEST_WAIT);
      this.say(state, state === "offline" ? `. Nächster Versuch in ${wait} Sekunden.` : ".");
      if (state === "away") this.offerSignIn();
      this.retry = setTimeout(() => this.save(), wait * 1000);
    }

    offerSignIn() {
      const link = document.createElement("a");
      link.href = `/konto/login/?next=${encodeURIComponent(location.pathname)}`;
      link.target = "_blank";
      link.textContent = "In neuem Fenster anmelden";
      this.words.append(" ", link);
    }

    get words() { return this.form.querySelector("[data-state]"); }

    get serverWords() { // "Gespeichert um 10:42 Uhr", as the server wrote it
      return (this.words.dataset.server ??= this.words.textContent);
    }

    say(state, more = "") {
      this.state = state;
      const { words, serverWords } = this;
      words.classList.toggle("kok-save--failed", FAILED.includes(state));
      words.textContent = state ? WORDS[state] + more : serverWords;
      overall();
    }
  }

  // One sentence for the whole page; it alone is announced.
  function overall() {
    const place = page.querySelector("[data-overall]");
    const states = [...sections.values()].map((section) => section.state);
    const worst = WORST_FIRST.find((state) => states.includes(state));
    const sentence = worst ? WORDS[worst] : page.dataset.saved || "Alles gespeichert";
    place.classList.toggle("kok-save--failed", FAILED.includes(worst));
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  function discover(root) {
    for (const [form] of sections) if (!form.isConnected) sections.delete(form);
    for (const form of root.querySelectorAll("form[data-autosave]")) {
      if (!sections.has(form)) sections.set(form, new Section(form));
    }
    overall();
  }

  // Not detail.elt: after a swap that took the form away, htmx tells it of its parent.
  const of = (event) => sections.get(event.detail.requestConfig?.elt);

  page.addEventListener("htmx:configRequest", (event) => {
    // Signing in again in another window renews the token; the text here must still be accepted.
    const token = cookie("csrftoken");
    if (!token) return;
    event.detail.headers["X-CSRFToken"] = token;
    if ("csrfmiddlewaretoken" in event.detail.parameters) event.detail.parameters.csrfmiddlewaretoken = token;
  });
  page.addEventListener("htmx:beforeRequest", (event) => {
    const section = of(event);
    if (!section) return;
    if (section.mayAsk(event.detail.requestConfig.triggeringEvent)) section.asked();
    else event.preventDefault();
  });
  page.addEventListener("htmx:afterRequest", (event) => {
    of(event)?.answered(event.detail.xhr);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    page.addEventListener(name, (event) => { if (of(event)) event.stopPropagation(); }); // told beside the text
  }
  document.addEventListener("htmx:load", () => discover(page));

  const saveAll = () => { for (const section of sections.values()) if (section.dirty) section.save(); };
  addEventListener("online", saveAll);
  addEventListener("focus", saveAll);
  addEventListener("beforeunload", (event) => {
    if ([...sections.values()].some((section) => section.dirty)) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    saveAll();
  });

  page.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { // closes a form that was opened in place
      event.preventDefault();
      const section = dismiss.closest("[data-item]");
      dismiss.closest("[data-new]").remove();
      section.focus();
    }
    const merge = event.target.closest("[data-merge]");
    if (merge) {
      const section = sections.get(merge.closest("form"));
      section.fields.text.value += `\n\n${section.conflict.textContent}`;
      section.changed();
      section.fields.text.focus();
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
  if (matchMedia("(max-width: 63.99em)").matches) page.querySelector(".kok-agenda").open = false;

  discover(page);
})();
