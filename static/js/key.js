// Security keys: asks the browser, puts its answer into the form and sends it. Without this file the code remains.
(() => {
  "use strict";

  const REASONS = {
    NotAllowedError: "Der Schlüssel hat nicht geantwortet, oder die Anfrage wurde abgebrochen. Versuchen Sie es noch einmal.",
    InvalidStateError: "Dieser Schlüssel ist bei Ihrem Konto schon eingerichtet.",
    SecurityError: "Unter dieser Adresse spricht der Browser mit keinem Schlüssel. Öffnen Sie die Anwendung unter ihrem Namen, nicht unter einer Nummer.",
  };

  const ask = async (button) => {
    const said = document.getElementById(button.getAttribute("aria-describedby"));
    const options = JSON.parse(document.getElementById(button.dataset.key).textContent);
    said.textContent = "Der Browser fragt nach dem Schlüssel.";
    try {
      const answer = await window.webauthnJSON[button.dataset.ask](options);
      button.form.elements[button.dataset.field].value = JSON.stringify(answer);
      button.form.requestSubmit();
    } catch (error) {
      said.textContent = REASONS[error.name] || "Der Schlüssel ließ sich nicht benutzen. Nehmen Sie einen Code.";
    }
  };

  for (const button of document.querySelectorAll("button[data-key]")) {
    if (!window.webauthnJSON?.supported() || button.dataset.ready) continue;
    button.dataset.ready = "ja";
    button.hidden = false;
    document.getElementById(button.getAttribute("aria-describedby")).textContent = "";
    button.addEventListener("click", () => ask(button));
  }
})();
