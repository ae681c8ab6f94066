import type { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";

/** Sessions that last as long as the process. */
export function createMemorySessions(): SessionStorage {
  const sessions = new Map<string, Session>();
  return {
    async storeSession(session) {
      sessions.set(session.id, session);
      return true;
    },
    loadSession: async (id) => sessions.get(id),
    async deleteSession(id) {
      sessions.delete(id);
      return true;
    },
    async deleteSessions(ids) {
      for (const id of ids) sessions.delete(id);
      return true;
    },
    findSessionsByShop: async (shop) => [...sessions.values()].filter((session) => session.shop === shop),
  };
}
