import { useLocation, useNavigation } from "@remix-run/react";
import { useMemo } from "react";

/**
 * What the page is being asked for, as its address will have it; null while nothing of it is on its way. A choice that stands in the
 * address is shown from this at once, for what the page brought is of the choice before.
 */
export function useComingSearch(): URLSearchParams | null {
  const { pathname } = useLocation();
  const { location, formMethod = "GET" } = useNavigation();
  const search = location?.pathname === pathname && formMethod === "GET" ? location.search : null;
  return useMemo(() => (search === null ? null : new URLSearchParams(search)), [search]);
}
