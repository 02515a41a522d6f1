import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BASE_URL, DESKTOP, open, PHONE, screenshot } from './harness.mjs';

const PASSWORD = process.env.E2E_PASSWORD ?? 'volunteer-demo-2026';
const NATIONAL = new URL('/', BASE_URL);
NATIONAL.hostname = 'national.localhost';

before(async () => {
  const ask = async (query, variables, headers = {}) => {
    const answer = await fetch(new URL('/graphql', BASE_URL), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
  const { signIn, station } = await ask(
    `mutation ($p: String!) {
      signIn(input: {username: "mca_chongqing", password: $p}) { accessToken }
    }`,
    { p: PASSWORD },
  ).then(async (given) => ({ ...given, ...(await ask('{ station { id } }')) }));
  const { updateStation } = await ask(
    `mutation ($input: UpdateStationInput!) {
      updateStation(input: $input) { userErrors { code field } }
    }`,
    {
      input: {
        stationId: station.id,
        accent: '#0b5fa5',
        footer: '重庆市民政局主管',
        supportChannels: [
          { kind: 'QQ_GROUP', label: '全国志愿服务信息系统客服①群', value: '966574584' },
          { kind: 'PHONE', label: '志愿重庆服务热线', value: '023-88888888' },
          { kind: 'EMAIL', label: '信箱', value: 'a-rather-long-mailbox-name@zhiyuan.cq.example.org' },
        ],
      },
    },
    {
      Authorization: `Bearer ${signIn.accessToken}`,
      'X-Acting-As': 'department:500000000000',
    },
  );
  assert.deepEqual(updateStation.userErrors, []);
});

/** No page may be wider than the screen that shows it. */
async function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

for (const script of [false, true]) {
  for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    test(`a station's page, ${size}, ${script ? 'with' : 'without'} scripts`, async (t) => {
      const page = await open(t, '/', { viewport, script });

      assert.equal(await page.title(), '志愿重庆');
      assert.equal(await page.locator('h1').textContent(), '志愿重庆');
      const shown = await page.locator('main').innerText();
      for (const text of ['正式运行', '服务区域：重庆市', '966574584', '培训资料', '重庆市民政局主管']) {
        assert.ok(shown.includes(text), text);
      }
      if (script) assert.ok(await fits(page));
      await screenshot(page, `station-${size}${script ? '' : '-no-script'}`);
    });
  }
}

test('the national site has a page of its own, in the dark and in English', async (t) => {
  const page = await open(t, NATIONAL.href, { viewport: PHONE, locale: 'en-GB', dark: true });

  assert.equal(await page.locator('h1').textContent(), '中国志愿服务网');
  assert.match(await page.locator('.facts').innerText(), /In service\s+National site/);
  assert.ok(await fits(page));
  await screenshot(page, 'station-national-phone-dark');
});

test('the page leads to the certificate check, the dashboard and the editor', async (t) => {
  const page = await open(t, '/', { viewport: DESKTOP });

  const doors = await page.locator('.doors a').evaluateAll((all) => all.map((a) => a.pathname));
  assert.deepEqual(doors, ['/certificates/check', '/dashboard', '/graphql']);
  await page.getByRole('link', { name: '志愿服务记录证明查验' }).click();
  assert.equal(await page.locator('h1').textContent(), '志愿服务记录证明查验');
  await screenshot(page, 'station-to-check-desktop');
});
