// Reloads the page when the portal was built anew, keeping the scroll position, and shows what could not be built.
const key = `jixia-scroll:${location.pathname}`;
const saved = sessionStorage.getItem(key);
if (saved !== null) {
  sessionStorage.removeItem(key);
  addEventListener("load", () => scrollTo(0, Number(saved)));
}

let overlay = null;
function show(errors) {
  overlay?.remove();
  overlay = null;
  if (!errors) return;
  overlay = document.createElement("dialog");
  const text = document.createElement("pre");
  text.textContent = errors;
  Object.assign(text.style, { whiteSpace: "pre-wrap", margin: "0", font: "14px/1.6 monospace" });
  Object.assign(overlay.style, {
    position: "fixed", inset: "auto 0 0 0", margin: "0", width: "100%", maxWidth: "none", maxHeight: "60vh",
    overflow: "auto", padding: "1rem", border: "0", borderTop: "4px solid #c0392b", color: "#f5f5f5",
    background: "#1d1f21", zIndex: "2147483647",
  });
  overlay.append(text);
  document.body.append(overlay);
  overlay.show();
}

let known = null;
async function wait() {
  for (;;) {
    try {
      const query = known === null ? "" : `?news=${known.news}`;
      const state = await (await fetch(`/__jixia/wait${query}`)).json();
      if (known !== null && state.version !== known.version) {
        sessionStorage.setItem(key, String(scrollY));
        location.reload();
        return;
      }
      if (state.errors !== known?.errors) show(state.errors);
      known = state;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
wait();
