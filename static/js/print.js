// The button of the print page. Without this file the menu of the browser prints the same.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
