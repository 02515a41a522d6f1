import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import { BASE_URL, DESKTOP, open, PHONE, screenshot } from './harness.mjs';

const READ_QR = fileURLToPath(new URL('read_qr.py', import.meta.url));
const PASSWORD = process.env.E2E_PASSWORD ?? 'volunteer-demo-2026';
const FORM = '/certificates/check';

let session;
let certificate;
let link;

async function ask(query, variables) {
  const answer = await fetch(new URL('/graphql', BASE_URL), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...session },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

before(async () => {
  const { signIn } = await ask(
    'mutation ($p: String!) { signIn(input: {username: "volunteer1", password: $p}) { accessToken } }',
    { p: PASSWORD },
  );
  session = { Authorization: `Bearer ${signIn.accessToken}`, 'X-Acting-As': 'volunteer' };
  const { printCertificate } = await ask(`mutation {
    printCertificate(input: {}) {
      certificate { certificateNo hours status } userErrors { code message }
    }
  }`);
  assert.deepEqual(printCertificate.userErrors, []);
  certificate = printCertificate.certificate;

  const pdf = await fetch(new URL(`/certificates/${certificate.certificateNo}.pdf`, BASE_URL), {
    headers: session,
  });
  assert.equal(pdf.headers.get('content-type'), 'application/pdf');
  const input = Buffer.from(await pdf.arrayBuffer());
  const read = spawnSync(process.env.PYTHON ?? 'python3', [READ_QR], { input, encoding: 'utf8' });
  assert.equal(read.status, 0, read.stderr);
  link = read.stdout.trim();
});

const parts = (url) => `${url.pathname}${url.search}`;

/** No page may be wider than the phone that shows it. */
async function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

test('the QR code opens the check on a phone, without a script', async (t) => {
  const url = new URL(link);
  assert.equal(url.pathname, FORM);
  assert.deepEqual([...url.searchParams.keys()], ['no', 'code']);
  assert.equal(url.searchParams.get('no'), certificate.certificateNo);

  const page = await open(t, link, { viewport: PHONE, script: false });

  assert.equal(await page.locator('.verdict').textContent(), '有效');
  assert.match(await page.locator('dd').first().textContent(), /\*/);
  const hours = await page.locator('dd').nth(1).textContent();
  assert.equal(Number.parseFloat(hours), Number.parseFloat(certificate.hours));
  await screenshot(page, 'certificate-valid-phone');
});

test('a wrong code typed into the form is not found, in English and in the dark', async (t) => {
  const page = await open(t, FORM, { viewport: PHONE, locale: 'en-GB', dark: true });
  assert.equal(await page.title(), 'Check a certificate of volunteer service');
  await page.locator('#no').fill(certificate.certificateNo.toLowerCase());
  await page.locator('#code').fill('00000000');

  await page.locator('button').click();

  assert.equal(await page.locator('.verdict').textContent(), 'Not found');
  assert.equal(await page.locator('dd').count(), 0);
  assert.ok(await fits(page));
  await screenshot(page, 'certificate-not-found-phone-dark');
});

test('the form works with the keyboard alone, and changes its language', async (t) => {
  const page = await open(t, FORM, { viewport: DESKTOP });
  await page.locator('#no').focus();
  await page.keyboard.type(certificate.certificateNo);
  await page.keyboard.press('Tab');
  await page.keyboard.type(new URL(link).searchParams.get('code'));
  await page.keyboard.press('Enter');

  await page.locator('.VALID').waitFor();
  await screenshot(page, 'certificate-valid-desktop');
  await page.getByRole('link', { name: 'English' }).click();
  await page.locator('html[lang=en]').waitFor();
});

test('a revoked certificate says so on its old link', async (t) => {
  const { certificates } = await ask('{ certificates(first: 1) { nodes { id certificateNo } } }');
  assert.equal(certificates.nodes[0].certificateNo, certificate.certificateNo);
  await ask(
    `mutation ($id: ID!) {
      revokeCertificate(input: {certificateId: $id, reason: "遗失"}) { userErrors { code } }
    }`,
    { id: certificates.nodes[0].id },
  );

  const page = await open(t, parts(new URL(link)), { viewport: PHONE });

  assert.equal(await page.locator('.verdict').textContent(), '已撤销');
  assert.ok(await fits(page));
  await screenshot(page, 'certificate-revoked-phone');
});
