import { useNavigate, useParentMatches, useRouter } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import type { Search } from '../app/search';

/**
 * How a dialog that is an address closes: back to where it was opened. In a tab that began with it there is no such place, and the page
 * below takes the dialog's.
 *
 * @param own a search parameter that only the dialog has a use for.
 */
export function useClosing(own?: string): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  const page = useParentMatches({ select: (matches) => matches.at(-1)!.pathname });
  const [place] = useState(() => router.history.location.pathname);
  const isOpen = useCallback(() => router.history.location.pathname === place, [router, place]);
  const leave = useCallback(() => {
    const search = (({ [own ?? '']: _, ...rest }: Search) => rest) as never;
    void navigate({ to: page, search, replace: true, resetScroll: false });
  }, [navigate, page, own]);
  return useGoingBack(isOpen, leave);
}

/**
 * Goes back, once, from what is open.
 *
 * @param leave where there is nothing to go back to.
 */
export function useGoingBack(isOpen: () => boolean, leave: () => void): () => void {
  const { history } = useRouter();
  const isLeaving = useRef(false);
  return useCallback(() => {
    // Going back takes a moment: asked for twice, it would leave the page as well.
    if (isLeaving.current || !isOpen()) return;
    if (!history.canGoBack()) return leave();
    isLeaving.current = true;
    window.addEventListener('popstate', () => (isLeaving.current = false), { once: true });
    history.back();
  }, [history, isOpen, leave]);
}
