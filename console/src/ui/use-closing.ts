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
  const isLeaving = useRef(false);
  return useCallback(() => {
    const { history } = router;
    // Going back takes a moment: asked for twice, it would leave the page as well.
    if (isLeaving.current || history.location.pathname !== place) return;
    if (history.canGoBack()) {
      isLeaving.current = true;
      window.addEventListener('popstate', () => (isLeaving.current = false), { once: true });
      history.back();
      return;
    }
    const search = (({ [own ?? '']: _, ...rest }: Search) => rest) as never;
    void navigate({ to: page, search, replace: true, resetScroll: false });
  }, [router, navigate, page, place, own]);
}
