import { type ClientActionFunctionArgs, isRouteErrorResponse } from "@remix-run/react";
import { t } from "../texts/text.ts";
import { canReach, setReach, setReached } from "./reach.ts";

/**
 * The `clientAction` of every page with forms: one that gets no answer leaves the page as it is, with what was written on it, and the
 * page says so. An error would take its place.
 */
export async function sendOrKeep({ request, serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    const answer = await serverAction();
    setReach({ since: null, unsent: false });
    return answer;
  } catch (error) {
    // Another page to go to, a refusal, or another form that was sent meanwhile.
    if (error instanceof Response || isRouteErrorResponse(error) || request.signal.aborted) throw error;
    setReached(await canReach(), new Date());
    setReach({ unsent: true });
    // What the page says may stand behind a dialog, or out of sight.
    window.shopify?.toast.show(t("What you sent last got no answer"), { isError: true });
    // After an error of the server's the router reads nothing anew, which would fail as well.
    return Response.json(null, { status: 503 });
  }
}
