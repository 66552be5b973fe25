// Registers the worker that keeps what was read, and tells it what this page had loaded before it was there.
const { worker } = document.querySelector('script[data-worker]').dataset;

if ('serviceWorker' in navigator) {
  addEventListener('load', async () => {
    try {
      await navigator.serviceWorker.register(worker);
      const { active } = await navigator.serviceWorker.ready;
      const loaded = performance.getEntriesByType('resource').map(entry => entry.name).filter(name => new URL(name).pathname.includes('/assets/'));
      // The page last: once it is kept, so is what it needs.
      active.postMessage({ keep: [...loaded, location.href] });
    } catch { /* Where workers are not allowed, pages are read with a network only. */ }
  });
}
