// Draws the pictures of docs/pictures anew from the demo: node test/e2e/pictures.mjs. They show synthetic data.

import { fileURLToPath } from 'node:url';
import { launch, live, open, serve, until } from './lib.mjs';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const server = await serve();
const browser = await launch();
const board = async () => (await fetch(`${server.url}/api/v1/board`)).json();
const remaining = (b) =>
  Math.min(
    ...b.accidents
      .filter((a) => !a.recovered_at && a.outcome !== 'serious')
      .flatMap((a) => a.services.flatMap((s) => s.branches.map((r) => r.remaining_s ?? Infinity))),
  );
const SHOTS = [
  { name: 'board', width: 1280, height: 960, theme: 'light' },
  { name: 'board-dark', width: 1280, height: 960, theme: 'dark' },
  { name: 'board-phone', width: 390, height: 1200, theme: 'light' },
];
const pages = [];
for (const shot of SHOTS) pages.push({ shot, page: await open(browser, `${server.url}/board`, shot) });
for (const { page } of pages) await live(page);
await until(async () => remaining(await board()) < 15 * 60, 'a countdown of less than 15 minutes', 300_000);
for (const { shot, page } of pages) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}${shot.name}.png` });
}
await until(async () => (await board()).accidents.some((a) => a.outcome === 'serious' && !a.recovered_at), 'serious', 300_000);
await pages[0].page.waitForSelector('.figure.alarm');
await pages[0].page.screenshot({ path: `${folder}board-serious.png` });
await browser.close();
await server.stop();
