/** Which of its two forms a table is sent in; a browser that is narrower or wider than its kind changes it after loading. */
export function isPhone(request: Request): boolean {
  return /\bMobile\b/.test(request.headers.get("User-Agent") ?? "");
}
