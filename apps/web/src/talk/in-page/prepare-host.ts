/** Keeps a page from loading itself anew for ever, where a service worker cannot isolate it. */
const RELOADED = 'eim-reloaded';
/** Milliseconds for the service worker to take the page over. */
const PATIENCE = 10_000;

/**
 * Has a service worker keep the exported folder for offline use. On a host that does not send the headers of an isolated page,
 * the service worker adds them, and the page is loaded once more: only then may the engine use threads.
 * @param folder address of the exported folder, with a slash at its end
 */
export async function prepareHost(folder: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const { active } = await navigator.serviceWorker.register(`${folder}service-worker.js`, {
      updateViaCache: 'none',
    });
    // a reload past all caches passes it by, too
    if (active && !navigator.serviceWorker.controller) return;
    await controlled();
  } catch (error) {
    console.info(`The page is not kept for offline use: ${String(error)}`);
    return;
  }
  if (crossOriginIsolated || sessionStorage.getItem(RELOADED)) return;
  sessionStorage.setItem(RELOADED, 'yes');
  location.reload();
  await new Promise(() => {}); // the page ends here
}

/** Waits until what the page fetches goes through the service worker. */
async function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the service worker does not answer')), PATIENCE);
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
