// First, so that nothing else sees what stands behind the # of a sign-in link.
import './sign-in/link-secret';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client';
import { isConnectionLost, onConnection, whenSessionEnds } from './api/signals';
import { goToSignIn } from './app/go-to-sign-in';
import { router } from './app/router';
import { I18nProvider } from './i18n/i18n';
import './styles/tokens.css';
import './styles/base.css';

whenSessionEnds(() => void goToSignIn(router));
onConnection(() => {
  if (!isConnectionLost()) void queryClient.invalidateQueries();
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <I18nProvider>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
