// What a person does on the GraphiQL page.
import { open } from './harness.mjs';

/** The page at /graphql once its editor can be typed in. */
export async function openGraphiQL(t, options) {
  const page = await open(t, '/graphql', options);
  await page.locator('.graphiql-query-editor .view-lines').waitFor();
  await page.locator('.bar .menu-button:enabled').waitFor();
  return page;
}

export async function signIn(page, { username, password }) {
  await page.locator('.viewer button').click();
  await page.locator('[name=username]').fill(username);
  await page.locator('[name=password]').fill(password);
  await page.locator('.sign-in [type=submit]').click();
}

/** Chooses the capacity with this key, and waits until its schema has been read. */
export async function actAs(page, key) {
  const introspection = page.waitForResponse((response) => {
    const request = response.request();
    const asked = (request.postData() ?? '').includes('IntrospectionQuery');
    return asked && request.headers()['x-acting-as'] === key;
  });
  await page.locator('[name=actingAs]').selectOption(key);
  return introspection;
}

export async function chooseExample(page, title) {
  await page.locator('.bar .menu-button').click();
  await page.getByRole('menuitem', { name: title }).click();
}

/** Puts a document of one's own in place of what the editor holds. */
export async function type(page, document) {
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(document);
}

// What the page asks of its own accord: the schema of a capacity, and a session.
const OWN = /IntrospectionQuery|SignIn|RefreshSession|ChangePassword/;

/** The next answer to what the editor holds. */
export function answered(page) {
  return page.waitForResponse((answer) => {
    const request = answer.request();
    return request.method() === 'POST' && !OWN.test(request.postData() ?? '');
  });
}

/** Runs what the editor holds; the answer as it came. */
export async function run(page) {
  const [response] = await Promise.all([
    answered(page),
    page.locator('.graphiql-execute-button').click(),
  ]);
  return response;
}

/** Waits until the lines of the result pane that are in view hold the text. */
export async function shows(page, text) {
  await page.locator('.result-window .view-lines', { hasText: text }).waitFor();
}
