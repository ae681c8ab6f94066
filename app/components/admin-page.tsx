import { useLocation, useNavigation } from "@remix-run/react";
import { Banner, Box, Page, type PageProps } from "@shopify/polaris";
import { createContext, memo, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { t } from "../texts/text.ts";
import { PageSkeleton } from "./page-skeleton.tsx";
import { canReach, setReach, setReached, useReach } from "./reach.ts";

/** Pages that come faster than this never show a skeleton: a flash of grey is worse than a short wait. */
const SKELETON_AFTER_MS = 200;

/**
 * A page of the admin. While another page is being opened from it, it turns into that page's skeleton. A page that was opened
 * from another takes the focus, so that reading goes on at its beginning. The header is dear to draw: it is drawn anew for other
 * `props` only, whatever becomes of the content.
 */
export function AdminPage({ children, ...props }: PageProps) {
  const { pathname, key } = useLocation();
  const main = useRef<HTMLElement>(null);
  const opening = useOpenedPath(pathname);
  const begunAt = useRef(key === FIRST_LOCATION ? pathname : null);

  useEffect(() => {
    if (begunAt.current === pathname) return;
    begunAt.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <main ref={main} tabIndex={-1} style={{ outline: "none" }}>
      {opening === null ? (
        <Content.Provider value={children}>
          <Frame {...props} />
        </Content.Provider>
      ) : (
        <PageSkeleton path={opening} />
      )}
    </main>
  );
}

const Content = createContext<ReactNode>(null);
const ContentHere = (): ReactNode => useContext(Content);

const Frame = memo(function Frame(props: Omit<PageProps, "children">) {
  const { pathname } = useLocation();
  return (
    <Page {...props}>
      <Unreachable key={pathname} />
      <ContentHere />
    </Page>
  );
});

/** Says so while the app cannot be reached, and when a form got no answer, until one does or another page is opened. */
function Unreachable() {
  const { since, unsent } = useReach();
  useEffect(() => () => setReach({ unsent: false }), []);
  // Not every page looks for news.
  useEffect(() => {
    if (since === null || !unsent) return;
    const timer = setInterval(() => void canReach().then((reached) => setReached(reached, since)), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [since, unsent]);
  if (since === null && !unsent) return null;
  return (
    <Box paddingBlockEnd="400">
      {since === null ? (
        <Banner tone="warning" title={t("What you sent last got no answer")}>
          <p>{t("What you wrote is here as it was. Send it once more, in the same way as before.")}</p>
        </Banner>
      ) : (
        <Banner tone="warning" title={t("Muster cannot be reached at the moment")}>
          {unsent && (
            <p>{t("What you sent last got no answer. Send it once more as soon as Muster can be reached again.")}</p>
          )}
          <p>
            {t("This page is as it was at {time}, and what you wrote stays. Muster tries again every few seconds.", {
              time: since.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }),
            })}
          </p>
        </Banner>
      )}
    </Box>
  );
}

const LOOK_EVERY_MS = 5_000;

/** The key that the router gives the location a document was loaded for. */
const FIRST_LOCATION = "default";

/** The path of another page that has been loading for a while. */
function useOpenedPath(pathname: string): string | null {
  const navigation = useNavigation();
  const target = navigation.state === "loading" ? navigation.location.pathname : pathname;
  const [late, setLate] = useState<string | null>(null);
  useEffect(() => {
    setLate(null);
    if (target === pathname) return;
    const timer = setTimeout(() => setLate(target), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, [target, pathname]);
  return late === target && target !== pathname ? late : null;
}
