import { byId } from "./dom.ts";

/**
 * Copies a text; where the browser does not let the page, the text is shown, to be copied by hand. True when it was
 * copied.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const dialog = byId<HTMLDialogElement>("by-hand");
    const field = byId<HTMLTextAreaElement>("by-hand-text");
    field.value = text;
    dialog.showModal();
    field.select();
    return false;
  }
}
