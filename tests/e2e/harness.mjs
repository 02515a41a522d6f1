// Chromium for a test: nothing beyond localhost is reachable, and whoever tries fails the test.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { chromium } = createRequire(new URL('../../gateway/web/package.json', import.meta.url))(
  'playwright-core',
);

export const BASE_URL = required('BASE_URL');
const SCREENSHOTS = required('E2E_SCREENSHOTS');

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Below the page's own requests: workers, prefetches and the browser itself find no other host.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: start these tests with \`make e2e\`.`);
  return value;
}

function isLocal({ hostname }) {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname.endsWith('.localhost');
}

/**
 * A page of the gateway in a browser of its own, closed when the test `t` ends.
 *
 * The test fails when the page asks another host for anything, or throws, or logs an error that
 * `expected` does not match.
 */
export async function open(
  t,
  path,
  {
    viewport = DESKTOP,
    locale = 'zh-CN',
    timezoneId,
    dark = false,
    script = true,
    expected = /(?!)/,
  } = {},
) {
  const profile = await mkdtemp(join(tmpdir(), 'e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: required('CHROMIUM'),
    args: FLAGS,
    viewport,
    locale,
    timezoneId,
    colorScheme: dark ? 'dark' : 'light',
    // A picture or a click must not come while something moves.
    reducedMotion: 'reduce',
    javaScriptEnabled: script,
  });
  const complaints = [];
  let ended = false;
  t.after(async () => {
    ended = true;
    await context.close();
    await rm(profile, { recursive: true, force: true });
    assert.deepEqual(complaints, []);
  });

  context.setDefaultTimeout(20_000);
  context.on('weberror', (error) => complaints.push(`threw: ${error.error().message}`));
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !expected.test(text)) complaints.push(`logged: ${text}`);
  });
  await context.route(
    (url) => !isLocal(url) && !['data:', 'blob:'].includes(url.protocol),
    async (route) => {
      if (!ended) complaints.push(`asked for ${route.request().url()}`);
      await route.abort();
    },
  );
  await context.routeWebSocket(
    (url) => !isLocal(url),
    (socket) => {
      complaints.push(`asked for ${socket.url()}`);
      socket.close();
    },
  );

  const page = context.pages()[0];
  await page.goto(new URL(path, BASE_URL).href);
  return page;
}

/** Keeps a picture of the page for people to look at. */
export async function screenshot(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
