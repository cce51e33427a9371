// The pages of venule. What a part may know: net (the server), input (keys and scanner), ui (how things look), shell (the
// frame), pages (one folder each). Pages use the others; nothing uses a page.
import { MantineProvider, createTheme } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import './style/index.css'
import { startKeyboard } from './input/keyboard'
import { Failed, unreachable } from './net/http'
import { SessionGate, sessionOver } from './shell/session'
import { Shell } from './shell/Shell'
import { SignIn } from './shell/SignIn'
import { CommandHost } from './ui/Commands'
import { Trouble } from './ui/Page'

const theme = createTheme({ fontFamily: 'var(--font)', primaryColor: 'gray', defaultRadius: 'sm', respectReducedMotion: true, focusRing: 'auto' })

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (e) => { if (e instanceof Failed && e.problem.status === 401) sessionOver() } }),
  defaultOptions: {
    queries: {
      staleTime: 1000, gcTime: 120_000, refetchOnWindowFocus: true, networkMode: 'always',
      retry: (n, e) => e instanceof Failed && (e.unreachable || e.problem.status === 503) && n < 2, retryDelay: 800,
    },
  },
})

startKeyboard()
createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <QueryClientProvider client={queries}>
      <SessionGate signIn={(done) => <SignIn done={done} />} away={(again) => <Trouble failed={unreachable()} again={again} />}>
        <CommandHost>
          <Shell />
        </CommandHost>
      </SessionGate>
    </QueryClientProvider>
  </MantineProvider>,
)
