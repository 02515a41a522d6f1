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

/** Runs what the editor holds; the answer as it came, once the result pane shows it. */
export async function run(page) {
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    page.locator('.graphiql-execute-button').click(),
  ]);
  await page.locator('.result-window .view-line').first().waitFor();
  return response;
}

/** The lines of the result pane that are in view, as text. */
export async function result(page) {
  const lines = await page.locator('.result-window .view-lines').innerText();
  return lines.replaceAll('\u00a0', ' ');
}
