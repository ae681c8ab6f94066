import { useLocation, useNavigation } from "@remix-run/react";
import { Banner, Box, Page, type PageProps } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { t } from "../texts/text.ts";
import { PageSkeleton } from "./page-skeleton.tsx";
import { useUnreachableSince } from "./use-live-refresh.ts";

/** Pages that come faster than this never show a skeleton: a flash of grey is worse than a short wait. */
const SKELETON_AFTER_MS = 200;

/**
 * A page of the admin. While another page is being opened from it, it turns into that page's skeleton. A page that was opened
 * from another takes the focus, so that reading goes on at its beginning.
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
        <Page {...props}>
          <Unreachable />
          {children}
        </Page>
      ) : (
        <PageSkeleton path={opening} />
      )}
    </main>
  );
}

function Unreachable() {
  const since = useUnreachableSince();
  if (since === null) return null;
  const time = since.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  return (
    <Box paddingBlockEnd="400">
      <Banner tone="warning" title={t("Muster cannot be reached at the moment")}>
        <p>
          {t("This page is as it was at {time}, and what you wrote stays. Muster tries again every few seconds.", {
            time,
          })}
        </p>
      </Banner>
    </Box>
  );
}

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
