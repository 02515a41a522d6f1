import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actAs, answered, chooseExample, openGraphiQL, run, shows, signIn } from './graphiql_page.mjs';
import { DESKTOP, PHONE, screenshot } from './harness.mjs';

const ACCOUNT = {
  username: process.env.E2E_USERNAME ?? 'yubei',
  password: process.env.E2E_PASSWORD ?? 'volunteer-demo-2026',
};
const CAPACITY = process.env.E2E_ACTING_AS ?? 'team:T5001120003164';

test('a visitor runs the first example in the language of the browser', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP, locale: 'en-GB' });
  await screenshot(page, 'visitor-en');

  await chooseExample(page, "A district's hub");
  await run(page);

  await shows(page, /"name":\s".*渝北区/);
  await screenshot(page, 'visitor-en-answer');
});

test('a hub manager signs in, chooses a capacity and reads the tree as the hub', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP });
  await signIn(page, ACCOUNT);
  await actAs(page, 'volunteer');
  const introspection = await actAs(page, CAPACITY);

  const sent = introspection.request().headers();
  assert.equal(sent['x-acting-as'], CAPACITY);
  assert.match(sent.authorization, /^Bearer /);
  await chooseExample(page, '枢纽树');
  const answer = await run(page);

  assert.equal(answer.request().headers()['x-acting-as'], CAPACITY);
  await shows(page, /"name":\s".*渝北区/);
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  assert.ok(data.hub.childHubs.some((town) => town.childHubs.length > 0), 'three levels of hubs');
  await screenshot(page, 'hub-tree');
});

test('an example that is run in the moment it is chosen runs, not the one before', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP, locale: 'en-GB' });
  await chooseExample(page, 'Teams by name');
  await run(page);
  await page.locator('.bar .menu-button').click();
  const title = "A district's hub";
  await page.getByRole('menuitem', { name: title }).waitFor();

  const answer = answered(page);
  await page.evaluate((chosen) => {
    const items = [...document.querySelectorAll('[role=menuitem]')];
    items.find((item) => item.textContent.startsWith(chosen)).click();
    document.querySelector('.graphiql-execute-button').click();
  }, title);

  const { data, errors } = await (await answer).json();
  assert.equal(errors, undefined);
  assert.match(data.hub.name, /渝北区/);
});

test('a wrong password says so and keeps the form', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP });

  await signIn(page, { ...ACCOUNT, password: 'wrong' });

  const refusal = page.locator('.sign-in .refusal:not(:empty)');
  await refusal.waitFor();
  assert.equal(await page.locator('[name=username]').inputValue(), ACCOUNT.username);
  await screenshot(page, 'sign-in-refused');
});

test('tokens outlive a reload and end with sign-out', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP });
  await signIn(page, ACCOUNT);
  await page.locator('[name=actingAs]').waitFor();

  await page.reload();
  await page.locator('[name=actingAs]').waitFor();
  await page.locator('.viewer button').click();

  await page.locator('[name=actingAs]').waitFor({ state: 'detached' });
  const stored = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
  assert.doesNotMatch(stored, /accessToken|refreshToken/);
});

test('an access token that is refused is renewed and the request repeated', async (t) => {
  const page = await openGraphiQL(t, { viewport: DESKTOP, expected: /status of 401/ });
  await signIn(page, ACCOUNT);
  await page.locator('[name=actingAs]').waitFor();
  await page.evaluate(() => {
    const [key] = Object.keys(sessionStorage);
    const session = JSON.parse(sessionStorage[key]);
    sessionStorage[key] = JSON.stringify({ ...session, accessToken: 'stale' });
  });

  const renewal = page.waitForResponse((answer) =>
    (answer.request().postData() ?? '').includes('RefreshSession'),
  );
  await page.reload();
  await renewal;
  await chooseExample(page, '区县枢纽');
  const answer = await run(page);

  assert.equal(answer.status(), 200);
  // A token issued twice in one second is the same one; what counts is that it is not the stale one.
  assert.match(answer.request().headers().authorization, /^Bearer ey/);
  await shows(page, /"name":\s".*渝北区/);
});

test('on a phone in the dark the editor stands above the answer', async (t) => {
  const page = await openGraphiQL(t, { viewport: PHONE, dark: true });
  await signIn(page, ACCOUNT);
  await page.locator('[name=actingAs]').waitFor();
  await page.locator('.bar .menu-button').click();
  await page.getByRole('menuitem').first().waitFor();
  await screenshot(page, 'phone-dark-examples');
  await page.keyboard.press('Escape');
  await chooseExample(page, '区县枢纽');

  await run(page);

  const editor = await page.locator('.graphiql-query-editor').boundingBox();
  const answer = await page.locator('.result-window').boundingBox();
  assert.ok(answer.y >= editor.y + editor.height, 'the answer is below the editor');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, PHONE.width);
  await screenshot(page, 'phone-dark');
});
