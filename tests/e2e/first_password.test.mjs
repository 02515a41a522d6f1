import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openGraphiQL, signIn } from './graphiql_page.mjs';
import { BASE_URL, PHONE, screenshot } from './harness.mjs';

const PASSWORD = process.env.E2E_PASSWORD ?? 'volunteer-demo-2026';
const USERNAME = `e2e_${Date.now().toString(36)}`;

let first;

async function ask(query, variables, headers = {}) {
  const answer = await fetch(new URL('/graphql', BASE_URL), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

before(async () => {
  const { signIn: entered } = await ask(
    `mutation ($p: String!) {
      signIn(input: {username: "mca_chongqing", password: $p}) { accessToken }
    }`,
    { p: PASSWORD },
  );
  const { issueAdministrator } = await ask(
    `mutation ($input: IssueAdministratorInput!) {
      issueAdministrator(input: $input) { firstPassword userErrors { code field } }
    }`,
    { input: { regionCode: '500112', username: USERNAME, name: '何静' } },
    { Authorization: `Bearer ${entered.accessToken}`, 'X-Acting-As': 'department:500000000000' },
  );
  assert.deepEqual(issueAdministrator.userErrors, []);
  first = issueAdministrator.firstPassword;
});

test('whoever signs in with a first password is asked for one of their own', async (t) => {
  const page = await openGraphiQL(t, { viewport: PHONE, expected: /400|403/ });

  await signIn(page, { username: USERNAME, password: first });
  await page.locator('[name=newPassword]').fill('short');
  await screenshot(page, 'first-password-phone');
  await page.locator('.sign-in [type=submit]').click();
  await page.locator('.refusal', { hasText: '10 to 128' }).waitFor();

  await page.locator('[name=newPassword]').fill('Jialing-2021-jiang');
  await page.locator('.sign-in [type=submit]').click();
  await page.locator('.sign-in').waitFor({ state: 'detached' });

  assert.match(await page.locator('.viewer').innerText(), /何静|渝北区民政部门/);
});
