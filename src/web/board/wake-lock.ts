import { useEffect } from 'preact/hooks';

/** Keeps the screen from going dark while the component is shown, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const take = async () => {
      if (over || document.visibilityState !== 'visible') return;
      // plain HTTP has no wake lock, a low battery refuses it: the page works without
      lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
      if (over) await lock?.release();
    };
    const listen = () => void take();
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', listen);
      void lock?.release();
    };
  }, []);
}
