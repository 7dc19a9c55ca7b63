// What is typed on the pages of a held meeting stays in this browser until the server has it: for the account that
// typed it, for a day at most. Used by minutes.js.
globalThis.kokKeeping = (() => {
  "use strict";

  const PREFIX = "kok.protokoll."; // frame.js removes what begins so at sign-out
  const LONGEST = 24 * 60 * 60 * 1000;

  const isChoice = (field) => ["checkbox", "radio"].includes(field.type);
  const nameOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);
  const named = (root) => [...root.querySelectorAll("input, select, textarea")].filter(
    (field) => field.name && field.name !== "csrfmiddlewaretoken",
  );
  const typedIn = (root) => named(root).filter((field) => field.type !== "hidden");
  const hiddenIn = (root) => named(root).filter((field) => field.type === "hidden");
  const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };

  // What stands in the fields of a place: typed by somebody, and the marks of what the page showed.
  const read = (root) => ({
    typed: Object.fromEntries(typedIn(root).map((field) => [nameOf(field), isChoice(field) ? field.checked : field.value])),
    shown: Object.fromEntries(hiddenIn(root).map((field) => [field.name, field.value])),
  });

  const fill = (root, { typed, shown }) => {
    for (const field of typedIn(root)) {
      const value = typed[nameOf(field)];
      if (value === undefined) continue;
      if (isChoice(field)) field.checked = value;
      else field.value = value;
    }
    for (const field of hiddenIn(root)) if (field.name in shown) field.value = shown[field.name];
    document.dispatchEvent(new Event("kok:filled")); // who counts signs counts again
  };

  // A browser may refuse to store (full, private window); then `write` says so.
  const draftsOf = (user) => {
    const called = (key) => `${PREFIX}${user}.${key}`;
    return {
      read(key) {
        const draft = parse(localStorage.getItem(called(key)));
        return draft?.typed ? draft : null;
      },
      write(key, draft) {
        try { localStorage.setItem(called(key), JSON.stringify(draft)); return true; } catch { return false; }
      },
      remove(key) { localStorage.removeItem(called(key)); },
    };
  };

  for (const key of Object.keys(localStorage)) {
    const isOld = Date.now() - (parse(localStorage.getItem(key))?.at ?? 0) > LONGEST;
    if (key.startsWith(PREFIX) && isOld) localStorage.removeItem(key);
  }

  const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
  const clock = (moment) => new Date(moment).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
  const signedOut = (xhr) =>
    [401, 403].includes(xhr.status) || new URL(xhr.responseURL || location.href).pathname.startsWith("/konto/");

  const unreachable = (xhr) => xhr.status === 0 || xhr.status >= 500;

  return { read, fill, draftsOf, clock, signedOut, unreachable, token: () => cookie("csrftoken") };
})();
