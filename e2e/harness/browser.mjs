// Debian's Chromium with fake devices.
import { chromium } from 'playwright-core';

export const binary = process.env.RTC_ENGINE_CHROMIUM ?? '/usr/bin/chromium';

/** @param {{args?: string[], path?: string}} options */
export async function openBrowser(options = {}) {
  return chromium.launch({
    executablePath: options.path ?? binary,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream=device-count=2',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--auto-select-desktop-capture-source=Entire screen',
      // Several members share two cores: no page may be throttled for being in the background.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      ...(options.args ?? []),
    ],
  });
}
