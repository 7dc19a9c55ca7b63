// The frame's few comforts. Every page works without this file.
(() => {
  "use strict";

  // Where something went wrong is where one continues.
  const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();

  // Menus close when one goes elsewhere, and give the focus back on Escape.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Dates are typed; a calendar button opens the browser's own picker and writes what it gives.
  const addCalendar = (input) => {
    const row = document.createElement("div");
    const picker = document.createElement("input");
    const button = document.createElement("button");
    row.className = "kok-date";
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    button.type = "button";
    button.className = "kern-btn kern-btn--tertiary";
    button.innerHTML = '<span class="kern-icon kern-icon--calendar-today" aria-hidden="true"></span><span class="kern-sr-only">Tag im Kalender wählen</span>';
    button.addEventListener("click", () => {
      picker.value = input.value.replace(/^.*?(\d\d?)\.(\d\d?)\.(\d{4})$/, (_, d, m, y) => `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`);
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      input.value = picker.value.split("-").reverse().join(".");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.replaceWith(row);
    row.append(input, button, picker);
  };
  const addCalendars = (root) => {
    if (!("showPicker" in HTMLInputElement.prototype)) return;
    for (const input of root.querySelectorAll("[data-written=DateInput]")) if (!input.closest(".kok-date")) addCalendar(input);
  };

  // Whoever signs out leaves no draft of minutes (minutes.js) in this browser, and no names in other tabs (area.js).
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.action.endsWith("/konto/logout/")) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith("kok.protokoll.")) localStorage.removeItem(key);
    new BroadcastChannel("kok-signed-out").postMessage("");
  });

  // What is sent comes back without the #place one looked at before: a refusal takes the focus, not that place.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "post" && !form.hasAttribute("action")) form.action = location.pathname + location.search;
  });

  // A second click on "senden" sends nothing twice; the server refuses it as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "ja";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });

  // A sentence in the place of the messages; announced because the place is a live region.
  const say = (sentence, link) => {
    const place = document.getElementById("meldungen");
    if (!place) return;
    const alert = document.createElement("div");
    alert.className = "kern-alert kern-alert--warning";
    alert.innerHTML = '<div class="kern-alert__header"><span class="kern-icon kern-icon--warning" aria-hidden="true"></span><p class="kern-title"></p></div>';
    const text = alert.querySelector("p");
    text.textContent = sentence;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.target = "_blank";
      anchor.textContent = "Anmelden in neuem Fenster";
      text.append(" ", anchor);
    }
    place.replaceChildren(alert);
  };

  document.addEventListener("htmx:sendError", () =>
    say("Keine Verbindung zum Server. Ihr Text steht noch hier. Versuchen Sie es gleich noch einmal."));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) say("Das hat nicht geklappt. Ihr Text steht noch hier. Versuchen Sie es gleich noch einmal.");
    else say("Diese Seite ist nicht mehr aktuell. Sichern Sie Ihren Text und laden Sie die Seite neu.");
  });

  // What no click and no key has asked for (how far a job is) does not keep a session alive (kok.middleware.ByItself).
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["Kok-By-Itself"] = "ja";
  });

  // After a sign-out the answer is the sign-in page: it must never replace what somebody typed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/konto/")) return;
    event.detail.shouldSwap = false;
    say("Sie sind abgemeldet. Ihr Text steht noch hier.", "/konto/login/?next=/");
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    focusSummary(event.target);
    addCalendars(document);
  });

  addCalendars(document);
  focusSummary(document);
})();
