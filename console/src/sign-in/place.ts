const STORED = 'kaiten.place';

/** Where to go on after the sign-in. In the tab and not in the address: a pasted link replaces that. */
export const keepPlace = (path: string): void => sessionStorage.setItem(STORED, path);

/** @returns the place that was kept, of this site only, or home; it is forgotten. */
export function takePlace(): string {
  const place = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return place && /^\/(?![/\\])/.test(place) ? place : '/';
}
