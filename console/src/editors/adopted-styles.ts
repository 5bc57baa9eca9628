/**
 * CodeMirror's styles go into a <style> element of a document, which the content security policy forbids, but into an adopted style sheet of a
 * shadow root. Its keeper of such a sheet is made here for a shadow root that is nowhere, and then is the document's as well: an editor in a
 * shadow root of its own could not be named by labels outside it, and dialogs would not find it when they keep the focus.
 *
 * @param mount has CodeMirror put styles below a root. Must run before the first editor is there.
 */
export function adoptStyles(mount: (root: ShadowRoot) => void): void {
  const root = document.createElement('div').attachShadow({ mode: 'open' });
  mount(root);
  for (const key of Object.getOwnPropertySymbols(root)) {
    Object.defineProperty(document, key, { value: Reflect.get(root, key), configurable: true });
  }
}
