import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DESKTOP, PHONE, open, screenshot } from './harness.mjs';

const PASSWORD = process.env.E2E_PASSWORD ?? 'volunteer-demo-2026';
const DISTRICT = { username: 'mca_yubei', name: '渝北区' };
const MOST_REQUESTS = 12;
const MOST_BYTES = 900_000;

async function signIn(page, username) {
  await page.locator('.viewer button').click();
  await page.locator('[name=username]').fill(username);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('.sign-in [type=submit]').click();
}

/** The dashboard of an account once all its sections have answered. */
async function openDashboard(t, username, options = {}) {
  const page = await open(t, options.path ?? '/dashboard', { viewport: DESKTOP, ...options });
  await signIn(page, username);
  await settled(page);
  return page;
}

async function settled(page) {
  await page.locator('main .card').first().waitFor();
  await page.waitForFunction(() => {
    const cards = [...document.querySelectorAll('main section.card')];
    return cards.length >= 5 && cards.every((card) => card.getAttribute('aria-busy') === 'false');
  });
}

function total(page, name) {
  return page.locator('.total', { hasText: name }).locator('strong').innerText();
}

function number(text) {
  return Number(text.replaceAll(',', ''));
}

async function openRegion(page, name) {
  await page.locator('.regions').getByRole('button', { name, exact: true }).click();
  await page.locator('.head h2', { hasText: name }).waitFor();
  await settled(page);
}

test('a department sees its region, opens one below, and comes back', async (t) => {
  const page = await openDashboard(t, DISTRICT.username);
  assert.equal(await page.locator('.head h2').innerText(), DISTRICT.name);
  const whole = number(await total(page, '志愿队伍'));
  const rows = page.locator('.regions tbody tr');
  const streets = await rows.count();
  assert.ok(streets > 20, `${streets} streets and towns`);
  const column = await page.locator('.regions thead th').allInnerTexts();
  const at = column.findIndex((title) => title.includes('志愿队伍'));
  const parts = await rows.evaluateAll(
    (all, index) => all.map((row) => row.children[index].textContent),
    at,
  );
  // Some teams are the district's own and of no street.
  const below = parts.map(number).reduce((a, b) => a + b, 0);
  assert.ok(below <= whole && below > 0.9 * whole, `${below} in the streets, ${whole} in all`);
  await screenshot(page, 'dashboard-district');

  const street = await rows.first().locator('th button').innerText();
  await openRegion(page, street);
  assert.match(page.url(), /region=\d{12}/);
  assert.deepEqual(await page.locator('.breadcrumb li').allInnerTexts(), [DISTRICT.name, street]);
  await page.goBack();
  await page.locator('.head h2', { hasText: DISTRICT.name }).waitFor();
  await settled(page);
  assert.equal(number(await total(page, '志愿队伍')), whole);
});

test('the page takes few requests and few bytes', async (t) => {
  const page = await open(t, '/dashboard', { viewport: DESKTOP });
  const answers = [];
  page.on('response', (answer) => answers.push(answer));
  await page.reload();
  await signIn(page, DISTRICT.username);
  await settled(page);

  const sizes = await Promise.all(
    answers.map(async (answer) => gzipSync(await answer.body().catch(() => Buffer.alloc(0))).length),
  );
  const bytes = sizes.reduce((a, b) => a + b, 0);
  t.diagnostic(`${answers.length} requests, ${bytes} bytes gzipped`);
  const asked = answers.map((answer) => new URL(answer.url()).pathname);
  assert.ok(asked.length <= MOST_REQUESTS, `${asked.length} requests: ${asked.join(' ')}`);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
});

test('every section but signing in sends an id and no text', async (t) => {
  const page = await open(t, '/dashboard', { viewport: DESKTOP });
  const bodies = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) bodies.push(JSON.parse(request.postData() ?? '{}'));
  });
  await signIn(page, DISTRICT.username);
  await settled(page);

  const texts = bodies.filter(({ query }) => query !== undefined);
  assert.equal(texts.length, 1);
  assert.match(texts[0].query, /^mutation SignIn/);
  assert.ok(bodies.length >= 6);
});

test('the period changes what is counted, and stands in the address', async (t) => {
  const page = await openDashboard(t, DISTRICT.username);
  const now = number(await total(page, '服务记录'));

  await page.getByRole('button', { name: '去年' }).click();
  await settled(page);
  const before = number(await total(page, '服务记录'));
  const year = inChina({ year: 'numeric' }) - 1;
  assert.match(page.url(), new RegExp(`from=${year}-01&to=${year}-12`));
  // In the first days of a year there may be no more yet than at its beginning.
  assert.ok(before <= now, `${before} at the end of last year, ${now} now`);

  await page.locator('.figures summary').first().click();
  assert.equal(await page.locator('.figures').first().locator('tr').count(), 12);
  await page.reload();
  await settled(page);
  assert.equal(number(await total(page, '服务记录')), before);

  await page.goto(page.url().replaceAll(`=${year}-`, `=${year - 1}-`));
  await settled(page);
  const earlier = number(await total(page, '服务记录'));
  assert.ok(earlier < before, `${earlier} a year before, ${before} at the end of last year`);
});

test('regions sort by any figure, and show as tiles that open', async (t) => {
  const page = await openDashboard(t, DISTRICT.username);
  const names = () => page.locator('.regions tbody th').allInnerTexts();
  const figures = async (index) =>
    (await page.locator(`.regions tbody td:nth-child(${index})`).allInnerTexts()).map(number);

  await page.locator('.regions thead button', { hasText: '志愿队伍' }).click();
  const falling = await figures(6);
  assert.deepEqual(falling, falling.toSorted((a, b) => b - a));
  await page.locator('.regions thead button', { hasText: '志愿队伍' }).click();
  const rising = await figures(6);
  assert.deepEqual(rising, rising.toSorted((a, b) => a - b));
  const all = await names();

  await page.getByRole('button', { name: '图块' }).click();
  const tiles = page.locator('.chart[aria-label^="下级区划"]');
  await tiles.locator('path').first().waitFor();
  await screenshot(page, 'dashboard-tiles');
  const box = await tiles.boundingBox();
  await page.mouse.click(box.x + 40, box.y + 40);
  await page.waitForFunction((home) => {
    const shown = document.querySelector('.head h2')?.textContent;
    return shown && shown !== home && shown !== '…';
  }, DISTRICT.name);
  assert.ok(all.includes(await page.locator('.head h2').innerText()));
});

/** A part of the moment in China, by which figures are dated. */
function inChina(part) {
  return Number(new Date().toLocaleString('en-GB', { timeZone: 'Asia/Shanghai', ...part }));
}

/** A zone where it is another day than there. */
function elsewhere() {
  return inChina({ hour: '2-digit' }) < 19 ? 'Etc/GMT+12' : 'Pacific/Kiritimati';
}

test('values are named after their own dimension, also where it is another day', async (t) => {
  const page = await openDashboard(t, DISTRICT.username, {
    path: '/dashboard?metric=volunteers',
    timezoneId: elsewhere(),
  });
  const card = page.locator('section.card', { has: page.locator('.dimension') }).first();
  const named = async (dimension) => {
    await card.locator('select').selectOption(dimension);
    await settled(page);
    return card.locator('.figures th').allTextContents();
  };

  // All are codes of two digits, and so are categories.
  for (const [dimension, name] of [
    ['POLITICAL_STATUS', '群众'],
    ['EDUCATION', '大学本科'],
    ['EMPLOYMENT', '学生'],
    ['CATEGORY', '社区服务'],
    ['SKILL', '急救'],
    ['ID_TYPE', '居民身份证'],
  ]) {
    const found = await named(dimension);
    assert.ok(found.includes(name), `${dimension}: ${found.join(' ')}`);
  }
});

test('figures are taken out as a file', async (t) => {
  const page = await openDashboard(t, DISTRICT.username);
  await page.locator('.export select').selectOption('CSV');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.export button').click(),
  ]);

  assert.match(download.suggestedFilename(), /^渝北区志愿服务统计_.*\.csv$/);
  const text = await readFile(await download.path(), 'utf-8');
  assert.match(text, /^\ufeff总计\r\n/);
  const teams = /^志愿队伍,(\d+),-?\d+\r$/m.exec(text);
  assert.equal(Number(teams?.[1]), number(await total(page, '志愿队伍')));
});

test('a hub works the page by keyboard, in English', async (t) => {
  const page = await openDashboard(t, 'yubei', { locale: 'en-GB' });
  const records = page.locator('.total', { hasText: 'Service records' });

  await records.focus();
  await page.keyboard.press('Enter');

  assert.equal(await records.getAttribute('aria-pressed'), 'true');
  await page.locator('h2', { hasText: 'By month · Service records' }).waitFor();
  assert.match(page.url(), /metric=records/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  const unnamed = await page.evaluate(() => {
    const named = (element) =>
      (element.innerText || element.getAttribute('aria-label') || element.labels?.[0]?.innerText || '').trim();
    return [...document.querySelectorAll('main :is(button, select, input)')].filter((e) => !named(e)).length;
  });
  assert.equal(unnamed, 0, 'controls without a name');
  await screenshot(page, 'dashboard-english');
});

/** Presses Tab until the element that is focused is that one. */
async function tabTo(page, locator) {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('Tab does not lead there');
}

test('regions are sorted, opened and left by keyboard alone', async (t) => {
  const page = await openDashboard(t, DISTRICT.username);
  // What is read next.
  const focused = page.locator('.head h2:focus');
  const titled = (name) => page.waitForFunction((place) => document.title.startsWith(`${place} ·`), name);
  await titled(DISTRICT.name);

  const byTeams = page.locator('.regions thead button', { hasText: '志愿队伍' });
  await tabTo(page, byTeams);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.regions thead th[aria-sort=descending]').innerText(), '志愿队伍 ▾');

  const first = page.locator('.regions tbody th button').first();
  const street = await first.innerText();
  await tabTo(page, first);
  await page.keyboard.press('Enter');
  await page.locator('.head h2', { hasText: street }).waitFor();
  await settled(page);
  await focused.waitFor();
  await titled(street);

  const above = page.locator('.breadcrumb button', { hasText: DISTRICT.name });
  await page.evaluate(() => document.querySelector('header button').focus());
  await tabTo(page, above);
  await page.keyboard.press('Enter');
  await page.locator('.head h2', { hasText: DISTRICT.name }).waitFor();
  await settled(page);
  await focused.waitFor();

  const asTiles = page.getByRole('button', { name: '图块' });
  await tabTo(page, asTiles);
  await page.keyboard.press('Enter');
  const card = page.locator('section.card', { has: asTiles });
  await tabTo(page, card.locator('summary'));
  await page.keyboard.press('Enter');
  const tile = card.locator('.figures tbody button').first();
  const largest = await tile.innerText();
  await tabTo(page, tile);
  await screenshot(page, 'dashboard-tiles-list');
  await page.keyboard.press('Enter');
  await page.locator('.head h2', { hasText: largest }).waitFor();
  await focused.waitFor();
});

test('on a phone in the dark everything stands below one another', async (t) => {
  const page = await openDashboard(t, DISTRICT.username, { viewport: PHONE, dark: true });

  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0);
  await screenshot(page, 'dashboard-phone');
  await page.locator('main').evaluate(() => scrollTo(0, 900));
  await screenshot(page, 'dashboard-phone-below');
});

test('who has no figures to see is told so; another region is as one that is not', async (t) => {
  const page = await open(t, '/dashboard', { viewport: DESKTOP });
  await page.locator('.notice').waitFor();
  await signIn(page, 'volunteer1');
  await page.locator('.notice', { hasText: '没有枢纽型团体或管理部门的身份' }).waitFor();

  const other = await open(t, '/dashboard?region=500105', { viewport: DESKTOP });
  await signIn(other, DISTRICT.username);
  await other.locator('[role=alert]', { hasText: '不在您的管理范围内' }).waitFor();
  await other.locator('[role=alert] button').click();
  await other.locator('.head h2', { hasText: DISTRICT.name }).waitFor();
});
