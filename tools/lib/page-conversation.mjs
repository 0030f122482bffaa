import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a person does on the chat page, by the names that buttons and fields have. */
export class PageConversation {
  constructor(page) {
    this.page = page;
  }

  get #field() {
    return this.page.locator('.composer').getByRole('textbox', { name: 'Message' });
  }

  /** Waits until the page has somebody to talk with. @returns what it says of model and engine */
  async opened() {
    const line = this.page.locator('.engine');
    await line.waitFor({ timeout: 180_000 });
    return `${await this.page.getByRole('heading', { level: 1 }).textContent()}: ${await line.textContent()}`;
  }

  /** Drops a file on the page. */
  async drop(path) {
    const data = await this.page.evaluateHandle(
      ([base64, name]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type: 'image/png' }));
        return transfer;
      },
      [readFileSync(path).toString('base64'), basename(path)],
    );
    for (const kind of ['dragover', 'drop']) {
      await this.page.dispatchEvent('body', kind, { dataTransfer: data });
    }
    await this.page.getByRole('button', { name: 'Remove the picture' }).waitFor();
  }

  /** Sends a message, '' where a picture alone is shown. */
  async send(text) {
    await this.#field.fill(text);
    await this.#field.press('Enter');
  }

  /** Sends a message and waits for its whole answer. */
  async ask(text) {
    await this.send(text);
    return await this.lastAnswer();
  }

  async lastAnswer() {
    await this.answerEnds();
    const fault = this.page.locator('.answer .fault');
    if ((await fault.count()) > 0) throw new Error(`the page says: ${await fault.last().textContent()}`);
    return (await this.page.locator('.answer .text').last().textContent()).trim();
  }

  /** Waits until nothing is answered any more, whatever has come. */
  async answerEnds() {
    await this.page.getByRole('button', { name: 'Answer again' }).waitFor({ timeout: 180_000 });
  }

  async press(name) {
    await this.page.getByRole('button', { name, exact: true }).last().click();
  }
}
