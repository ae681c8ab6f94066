import type { ClientActionFunctionArgs } from "@remix-run/react";

/**
 * For what is asked by itself while somebody writes: where no answer comes, there is none, and the page with what was written on it
 * stays. An error would take its place.
 */
export async function askInPassing({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    if (error instanceof Response) throw error;
    return null;
  }
}
