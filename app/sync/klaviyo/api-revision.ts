/** The revision of Klaviyo's interface everything here was written for; a year stable, a year deprecated, then 410. */
export const API_REVISION = "2026-07-15";
